"""Measure what the service costs on this machine, relative to one bare run of the model."""

from argparse import ArgumentParser, Namespace

from edge import exit_codes
from edge.bench.suite import measure
from edge.console.options import add_config, add_json, configuration


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    add_config(parser)


def run(args: Namespace) -> int:
    """Print a line for each goal: what was measured, the goal, the distance. Raise EdgeError."""
    results = measure(configuration(args))
    print(*[results.as_json()] if args.json else results.as_lines(), sep="\n")
    return exit_codes.OK
