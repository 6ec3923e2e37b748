"""`python -m training draw`: photos of made-up products as a set of folders, to look at or to evaluate on."""

import argparse
from pathlib import Path

from training.data.made_up_set import write_set


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="folder that gets <product>/<number>.jpg")
    parser.add_argument("--products", type=int, default=24, help="how many products (default 24)")
    parser.add_argument("--views", type=int, default=12, help="photos of each (default 12)")
    parser.add_argument("--seed", type=int, default=0, help="of sides, light and backgrounds (default 0)")
    parser.add_argument("--skip", type=int, default=0, help="products to leave out first, as another set has them")
    parser.add_argument(
        "--held-out", action="store_true", help="of shapes, typefaces and drawings that no recipe trains on"
    )


def run(args: argparse.Namespace) -> int:
    """Write the set and return 0. The same arguments write the same photos."""
    write_set(args.out, args.products, args.views, args.held_out, args.seed, args.skip)
    print(f"{args.out}: {args.products} products, {args.views} photos each")
    return 0
