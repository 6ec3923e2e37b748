"""Print the recorded events: what was put before the camera and taken away, and when."""

from argparse import ArgumentParser, Namespace
from contextlib import closing

from edge import exit_codes
from edge.console.event_printer import event_printer
from edge.console.options import add_config, configuration, moment
from edge.events.ledger_reader import LedgerReader
from edge.storage.files import readable


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--since", type=moment, metavar="TIME", help="only from this date or time on")
    parser.add_argument("--until", type=moment, metavar="TIME", help="only before this date or time")
    parser.add_argument("--product", metavar="PRODUCT", help="only answers with this product, and its removals")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_const", dest="form", const="json", help="print JSON, one line per event")
    form.add_argument("--csv", action="store_const", dest="form", const="csv", help="print CSV, one row per event")
    add_config(parser, state=True)


def run(args: Namespace) -> int:
    """Print the events in the order in which they were recorded. Raise StoreError."""
    path = configuration(args).state.ledger
    print_event = event_printer(args.form, date=True)
    if not readable(path):
        return exit_codes.OK
    with closing(LedgerReader(path)) as ledger:
        for _, event in ledger.events(since=args.since or "", until=args.until, product=args.product):
            print_event(event)
    return exit_codes.OK
