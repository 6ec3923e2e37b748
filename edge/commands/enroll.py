"""Bring the bank in step with the enrollment folder once, and report what changed."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict

from edge import exit_codes
from edge.assembly import parts
from edge.assembly.enrollment import sync_bank
from edge.assembly.status import Enrolled
from edge.bank import preflight
from edge.bank.preflight import Advice
from edge.bank.store import Bank
from edge.bank.sync import Report
from edge.console.enrolled import report_as_lines, total
from edge.console.options import add_config, add_json, configuration
from edge.console.progress import progress
from edge.text import count


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print a line per change and per file that is not used; return 1 if some are refused.

    Raise BadModel or StoreError.
    """
    config = configuration(args)
    embedder = parts.embedder(config)
    with Bank(config.state.bank) as bank:
        report = sync_bank(config, bank, embedder, progress("photos"))
        enrolled, advice = Enrolled(bank.entries(), [], bank.model), preflight.report(bank)
    if args.json:
        print(as_json(report, enrolled, advice))
    else:
        waiting = f", {count(report.waiting, 'photo')} still being written" if report.waiting else ""
        summary = f"{config.enroll.folder}: {total(enrolled)}{waiting}"
        print(*report_as_lines(report, enrolled, advice), summary, sep="\n")
    return exit_codes.SOME_FAILED if enrolled.reasons("refused") or report.waiting else exit_codes.OK


def as_json(report: Report, enrolled: Enrolled, advice: Sequence[Advice]) -> str:
    """Given what changed and what is enrolled now, return one line of JSON."""
    plain = asdict(report) | {state: enrolled.reasons(state) for state in ("refused", "ignored")}
    plain["enrolled"] = {"photos": len(enrolled.photos), "products": len({entry.product for entry in enrolled.photos})}
    plain["advice"] = [each._asdict() for each in advice]
    return json.dumps(plain, ensure_ascii=False)
