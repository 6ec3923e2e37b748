"""List the answers that may be wrong, with what they were nearest to and their pictures."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from edge import exit_codes
from edge.bank.correction import corrections
from edge.console.options import add_config, add_json, configuration
from edge.events.format import as_json
from edge.events.ledger_reader import LedgerReader
from edge.storage.files import readable
from edge.text import count, local_time, printable
from edge.types import Event


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print a line per placement whose picture is kept; as JSON, the event with the file and the correction.

    Raise StoreError.
    """
    config = configuration(args)
    recorded = readable(config.state.ledger)  # without it no placement is known
    files = {file.stem: file for file in sorted(config.state.review.glob("*.jpg"))} if recorded else {}
    corrected = corrections(config.enroll.folder)
    for placement, event in (answers(config.state.ledger, files) if recorded else {}).items():
        product = corrected.get(placement)
        if args.json:
            plain = json.loads(as_json(event)) | {"file": str(files[placement]), "corrected": product}
            print(json.dumps(plain, ensure_ascii=False))
        else:
            print(as_text(event, product))
    if not args.json:
        print(f"{config.state.review}: {count(len(files), 'picture')}; next: bottlebank correct PLACEMENT PRODUCT")
    return exit_codes.OK


def as_text(event: Event, corrected: str | None) -> str:
    """Given an answer and what it was corrected to, return them on one line, with all candidates."""
    candidates = event.match.candidates if event.match else ()
    nearest = (
        ", ".join(f"{candidate.product} {candidate.score:.3f}" for candidate in candidates) or "nothing is enrolled"
    )
    note = f"  corrected: {corrected}" if corrected else ""
    return printable(f"{local_time(event.at)}  {event.event:10}  {event.placement}  {nearest}{note}")


def answers(ledger: Path, placements: Iterable[str]) -> dict[str, Event]:
    """Given the path of the ledger, return the last answer of each of these placements that it holds."""
    with closing(LedgerReader(ledger)) as opened:
        found = ((placement, opened.answer(placement)) for placement in placements)
        return {placement: event for placement, event in found if event}
