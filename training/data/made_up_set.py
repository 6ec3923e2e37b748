"""Photos of made-up products as a set of folders."""

from pathlib import Path

import numpy as np

from edge.images.writer import write_picture
from training.data.made_up import view

FIRST = 100_000
"""Number of the first product drawn, above all that a recipe can train on."""


def write_set(out: Path, products: int, views: int, held_out: bool, seed: int = 0, skip: int = 0) -> None:
    """Given a folder, write photos of products that no recipe trains on, as <product>/<number>.jpg.

    held_out: of shapes, typefaces and drawings that no recipe trains on. skip: products left out, that another set has.
    """
    for number in range(FIRST + skip, FIRST + skip + products):
        folder = out / f"made-up-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        for i in range(views):
            write_picture(folder / f"{i}.jpg", view(number, np.random.default_rng((seed, number, i)), held_out))
