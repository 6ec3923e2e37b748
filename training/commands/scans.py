"""`python -m training scans`: photos of scanned products as a set of folders, to evaluate on."""

import argparse
from pathlib import Path

from training.data.scans import write_scans


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--meshes", type=Path, required=True, help="folder of NAME.obj.gz, each with NAME.jpg")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets NAME/<number>.jpg")
    parser.add_argument("--views", type=int, default=30, help="photos of each (default 30)")
    parser.add_argument("--seed", type=int, default=0, help="of sides, light and backgrounds (default 0)")


def run(args: argparse.Namespace) -> int:
    """Write the set and return 0; raise as `write_scans` does."""
    products = write_scans(args.meshes, args.out, args.views, args.seed)
    print(f"{args.out}: {products} products, {args.views} photos each")
    return 0
