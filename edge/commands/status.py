"""Show whether the service runs, what happened last, what stands before the camera, and what is enrolled."""

from argparse import ArgumentParser, Namespace

from edge import exit_codes
from edge.assembly.status import read_status
from edge.console.options import add_config, add_json, configuration
from edge.console.status import as_json, as_lines


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print what the running service answers and what the state folder says. Raise StoreError."""
    status = read_status(configuration(args))
    print(*[as_json(status)] if args.json else as_lines(status), sep="\n")
    return exit_codes.OK
