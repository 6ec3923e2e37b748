"""`python -m training average`: the average of the weights of several runs of one recipe."""

import argparse
from pathlib import Path

from training.model.average import average


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folder of a finished run")
    parser.add_argument("--out", type=Path, required=True, help="folder of the averaged run, to be exported")


def run(args: argparse.Namespace) -> int:
    """Write the folder of a run with the averaged extractor. Return 0; raise as `average` does."""
    average(args.runs, args.out)
    print(f"{args.out}: the average of {len(args.runs)} runs")
    return 0
