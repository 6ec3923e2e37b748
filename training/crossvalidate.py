"""Which products each fold leaves out of training."""

from collections.abc import Sequence

import numpy as np


def folds(products: Sequence[str], k: int, seed: int = 0) -> list[list[str]]:
    """Given products, return k lists of those that each fold leaves out of training: every product in exactly one.

    Raise ValueError unless 2 <= k <= half the number of products, so that each fold leaves out two or more.
    """
    if not 2 <= k <= len(products) // 2:
        raise ValueError(f"{k} folds of {len(products)} products; expected 2 to {len(products) // 2}")
    shuffled = np.random.default_rng(seed).permutation(np.array(sorted(products)))
    return [sorted(part.tolist()) for part in np.array_split(shuffled, k)]
