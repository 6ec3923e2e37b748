"""List what is enrolled, and the photos that are refused with the reason."""

import json
from argparse import ArgumentParser, Namespace
from collections import Counter

from edge import exit_codes
from edge.bank.store import Bank
from edge.console.options import add_config, add_json, configuration
from edge.console.text import count, printable


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    add_config(parser, state=True)


def run(args: Namespace) -> int:
    """Print a line a product and a line a refused photo; as JSON, a line a photo. Raise StoreError."""

    path = configuration(args).state.bank
    entries = []
    if path.exists():  # a verb that only reads makes no file: it may run as another user than the service
        with Bank(path) as bank:
            entries = bank.entries()
    if args.json:
        for entry in entries:
            print(json.dumps(entry._asdict(), ensure_ascii=False))
        return exit_codes.OK
    products = Counter(entry.product for entry in entries if entry.state == "enrolled")
    for product, photos in sorted(products.items()):
        print(f"{printable(product)}  {count(photos, 'photo')}")
    refused = [entry for entry in entries if entry.state == "refused"]
    for entry in refused:
        print(f"refused  {printable(f'{entry.photo}  {entry.reason}')}")
    total = f"{count(products.total(), 'photo')} of {count(len(products), 'product')} enrolled, {len(refused)} refused"
    print(f"{path}: {total}" if entries else f"{path}: nothing is enrolled yet")
    return exit_codes.OK
