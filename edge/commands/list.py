"""List what is enrolled, and the files that are refused or ignored with the reason."""

import json
from argparse import ArgumentParser, Namespace
from collections import Counter, defaultdict

from edge import exit_codes
from edge.bank import preflight
from edge.bank.store import BankReader
from edge.console.options import add_config, add_json, configuration
from edge.text import count, printable
from edge.types import NOT_A_PRODUCT


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    add_config(parser, state=True)


def run(args: Namespace) -> int:
    """Print the products, the files that are not used, advice; as JSON, a line each. Raise StoreError."""

    path = configuration(args).state.bank
    entries, advice = [], []
    if path.exists():
        with BankReader(path) as bank:
            entries, advice = bank.entries(), preflight.report(bank)
    if args.json:
        for entry in entries:
            told = [each.text for each in advice if each.product == entry.product]
            print(json.dumps(entry._asdict() | {"advice": told}, ensure_ascii=False))
        return exit_codes.OK
    products = defaultdict(list)
    for entry in entries:
        if entry.state == "enrolled":
            products[entry.product].append(entry)
    for product, enrolled in sorted(products.items()):
        what = "negative" if product == NOT_A_PRODUCT else "photo"
        print(f"{printable(product)}  {count(len(enrolled), what)}")
        for entry in enrolled:
            if entry.views > 1 or entry.note:
                views = count(entry.views, "view")
                print(printable(f"  {entry.photo}  " + (f"{views}; {entry.note}" if entry.note else views)))
    for entry in entries:
        if entry.reason:
            print(f"{entry.state}  {printable(f'{entry.photo}  {entry.reason}')}")
    for each in advice:
        print(f"advice  {printable(f'{each.product}: {each.text}')}")
    states = Counter(entry.state for entry in entries)
    negatives = len(products.pop(NOT_A_PRODUCT, ()))
    total = f"{count(states['enrolled'] - negatives, 'photo')} of {count(len(products), 'product')} enrolled"
    total += f", {states['refused']} refused" + (f", {states['ignored']} ignored" if states["ignored"] else "")
    print(f"{path}: {total}" if entries else f"{path}: nothing is enrolled yet")
    return exit_codes.OK
