"""Bring the bank in step with the enrollment folder once, and report what changed."""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from edge import exit_codes
from edge.assembly import parts
from edge.assembly.enrollment import sync_bank
from edge.bank import preflight
from edge.bank.store import Bank
from edge.console.options import add_config, add_json, configuration
from edge.console.progress import progress
from edge.text import count, printable
from edge.types import NOT_A_PRODUCT


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
        entries, advice = bank.entries(), preflight.report(bank)
    refused = {entry.photo: entry.reason for entry in entries if entry.state == "refused"}
    ignored = {entry.photo: entry.reason for entry in entries if entry.state == "ignored"}
    good = [entry for entry in entries if entry.state == "enrolled" and entry.product != NOT_A_PRODUCT]
    photos, products = len(good), len({entry.product for entry in good})
    if args.json:
        total = {"refused": refused, "ignored": ignored, "enrolled": {"photos": photos, "products": products}}
        total["advice"] = [each._asdict() for each in advice]
        print(json.dumps(asdict(report) | total, ensure_ascii=False))
    else:
        for change in ("added", "replaced", "removed"):
            for name in getattr(report, change):
                print(f"{change:8}  {printable(name)}")
        for old, new in report.renamed:
            print(f"renamed   {printable(f'{old} to {new}')}")
        for name, reason in refused.items():
            print(f"refused   {printable(f'{name}  {reason}')}")
        for name, reason in ignored.items():
            print(f"ignored   {printable(f'{name}  {reason}')}")
        for each in advice:
            print(f"advice    {printable(f'{each.product}: {each.text}')}")
        waiting = f", {count(report.waiting, 'photo')} still being written" if report.waiting else ""
        passed_over = f", {len(ignored)} ignored" if ignored else ""
        enrolled = f"{count(photos, 'photo')} of {count(products, 'product')}"
        print(f"{config.enroll.folder}: {enrolled} enrolled, {len(refused)} refused{passed_over}{waiting}")
    return exit_codes.SOME_FAILED if refused or report.waiting else exit_codes.OK
