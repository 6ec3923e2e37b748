"""`python -m training draw`: photos of made-up products as a set of folders, to look at or to evaluate on."""

import argparse
from pathlib import Path

FIRST = 100_000
"""Number of the first product drawn, above all that a recipe can train on."""


def add_draw_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="folder that gets <product>/<number>.jpg")
    parser.add_argument("--products", type=int, default=24, help="how many products (default 24)")
    parser.add_argument("--views", type=int, default=12, help="photos of each (default 12)")
    parser.add_argument("--seed", type=int, default=0, help="of sides, light and backgrounds (default 0)")
    parser.add_argument(
        "--held-out", action="store_true", help="of shapes, typefaces and drawings that no recipe trains on"
    )


def run_draw(args: argparse.Namespace) -> int:
    """Write the set and return 0. The same arguments write the same photos."""
    draw(args.out, args.products, args.views, args.held_out, args.seed)
    print(f"{args.out}: {args.products} products, {args.views} photos each")
    return 0


def draw(out: Path, products: int, views: int, held_out: bool, seed: int = 0) -> None:
    """Given a folder, write photos of products that no recipe trains on, as <product>/<number>.jpg."""
    import cv2
    import numpy as np

    from training.data.made_up import view

    for number in range(FIRST, FIRST + products):
        folder = out / f"made-up-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        for i in range(views):
            photo = view(number, np.random.default_rng((seed, number, i)), held_out)
            cv2.imwrite(str(folder / f"{i}.jpg"), cv2.cvtColor(photo, cv2.COLOR_RGB2BGR))
