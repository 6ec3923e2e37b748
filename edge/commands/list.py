"""List what is enrolled, and the files that are refused or ignored with the reason."""

import json
from argparse import ArgumentParser, Namespace

from edge import exit_codes
from edge.assembly.status import read_advice, read_enrolled
from edge.console.enrolled import as_lines, total
from edge.console.options import add_config, add_json, configuration


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print the products, the files that are not used, advice; as JSON, a line each. Raise StoreError."""
    config = configuration(args)
    enrolled, advice = read_enrolled(config), read_advice(config)
    if args.json:
        for entry in enrolled.entries:
            texts = [each.text for each in advice if each.product == entry.product]
            print(json.dumps(entry._asdict() | {"advice": texts}, ensure_ascii=False))
    else:
        summary = total(enrolled) if enrolled.entries else "nothing is enrolled yet"
        print(*as_lines(enrolled, advice), f"{config.state.bank}: {summary}", sep="\n")
    return exit_codes.OK
