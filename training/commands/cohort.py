"""`python -m training cohort`: the vectors and weights from which the Pi gets each bank's thresholds."""

import argparse
from pathlib import Path

from edge.errors import BadPhoto
from edge.model.embedder import Embedder
from training.evaluation.cohort import Source, build_cohort


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="an exported .tflite, its card beside it")
    parser.add_argument(
        "--products",
        type=Path,
        action="append",
        required=True,
        metavar="SET",
        help="products never trained on, <product>/*.jpg; at least two sets, each of three products or more",
    )
    parser.add_argument(
        "--others",
        action="append",
        required=True,
        metavar="FOLDER=TEXT",
        help="photos of nobody's products, never trained on, and what they are, with their licence; at least two",
    )
    parser.add_argument("--plot", type=Path, metavar="FILE.png", help="draw how often each confidence came true")


def run(args: argparse.Namespace) -> int:
    """Write NAME.cohort.npz and what it is into the card, and print what it was measured to give. Return 0."""
    if min(len(args.products), len(args.others)) < 2:
        raise BadPhoto("expected at least two --products and two --others: each is measured with what the others give")
    sources = [Source.parse(text) for text in args.others]
    path, lines = build_cohort(Embedder(args.model), args.model, args.products, sources, args.plot)
    print("\n".join([*lines, f"{path}: {path.stat().st_size / 1e6:.1f} MB"]))
    return 0
