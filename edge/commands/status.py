"""Show what happened last, what stands before the camera, and how much is enrolled."""

import json
from argparse import ArgumentParser, Namespace
from contextlib import closing
from typing import Any

from edge import exit_codes
from edge.bank.store import BankReader
from edge.console.options import add_config, add_json, configuration
from edge.events.format import as_json, as_line
from edge.events.ledger_reader import LedgerReader
from edge.text import count, local_time
from edge.types import NOT_A_PRODUCT


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    add_config(parser, state=True)


def run(args: Namespace) -> int:
    """Print what the state folder says, whether or not the service runs. Raise StoreError."""

    config = configuration(args)
    bank: dict[str, Any] = {"photos": 0, "products": 0, "refused": 0, "model": None}
    if config.state.bank.exists():
        with BankReader(config.state.bank) as enrolled:
            entries = enrolled.entries()
            bank["model"] = enrolled.model
        good = [entry for entry in entries if entry.state == "enrolled" and entry.product != NOT_A_PRODUCT]
        refused = sum(entry.state == "refused" for entry in entries)
        bank |= {"photos": len(good), "products": len({entry.product for entry in good}), "refused": refused}
    counts, last, standing, gaps = {}, None, [], []
    if config.state.ledger.exists():
        with closing(LedgerReader(config.state.ledger)) as ledger:
            counts, last = ledger.counts(), ledger.last()
            standing, gaps = ledger.open_placements(), ledger.gaps()
    if args.json:
        plain = {
            "bank": bank,
            "events": counts,
            "last": json.loads(as_json(last)) if last else None,
            "open": [json.loads(as_json(event)) for event in standing],
            "gaps": [gap._asdict() for gap in gaps],
        }
        print(json.dumps(plain, ensure_ascii=False))
        return exit_codes.OK
    model = f", model {bank['model'][:12]}" if bank["model"] else ""
    photos, products = count(bank["photos"], "photo"), count(bank["products"], "product")
    print(f"bank    {photos} of {products}, {bank['refused']} refused{model}")
    print("events  " + (", ".join(f"{number} {kind}" for kind, number in counts.items()) or "none yet"))
    if last:
        print(f"last    {as_line(last, local_time(last.at))}")
    for event in standing:
        print(f"open    {as_line(event, local_time(event.at))}")
    for gap in gaps:
        print(f"gap     {local_time(gap.since)} to {local_time(gap.until)}: {gap.late} recorded late, {gap.lost} lost")
    return exit_codes.OK
