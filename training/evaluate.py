"""What a model can do, on the exported file through the edge code, or on anything that turns crops into vectors."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from training.embedded import Embed, embed_photos, find_photos
from training.figures import measure
from training.protocol import trials


def quick(
    embed: Embed, photos: Path, products: Sequence[str] | None = None, *, seed: int = 0, shots: int = 4, draws: int = 5
) -> dict[str, float]:
    """Given crops → vectors and the folder of a set, return its figures over these products (None: all) as if none
    were trained on, without intervals: for comparing models while developing.

    The names of the figures are those of `training.figures.FIGURES`.
    """
    wanted = [p for p in find_photos(photos) if products is None or p.product in products or p.role == "non-product"]
    embedded = embed_photos(embed, wanted)
    table = trials(embedded, embedded.products, shots=shots, draws=draws, seed=seed)
    return {name: figure["value"] for name, figure in measure(table).items()}


def folds(products: Sequence[str], k: int, seed: int = 0) -> list[list[str]]:
    """Given products, return k lists of those that each fold leaves out of training: every product in exactly one.

    Raise ValueError unless 2 <= k <= half the number of products, so that each fold leaves out two or more.
    """
    if not 2 <= k <= len(products) // 2:
        raise ValueError(f"{k} folds of {len(products)} products; expected 2 to {len(products) // 2}")
    shuffled = np.random.default_rng(seed).permutation(np.array(sorted(products)))
    return [sorted(part.tolist()) for part in np.array_split(shuffled, k)]
