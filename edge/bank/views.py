"""Which of many pictures of one product differ: the farthest first, each from all that are chosen already."""

import numpy as np

from edge.types import Vectors

MOST = 16
"""Views kept of one product's turn."""

GAIN = 0.01
"""Cosine distance to the nearest chosen view from which on another one adds something."""


def farthest_first(vectors: Vectors, most: int = MOST, gain: float = GAIN) -> list[int]:
    """Given (N, D) unit vectors, return the rows of those that differ, the first row first.

    Each next one is the farthest from all before it (Gonzalez, 1985), while that is at least `gain` away, a cosine
    distance in [0, 2], and there are no more than `most`. N may be 0.
    """
    chosen: list[int] = []
    nearest = np.full(len(vectors), np.inf)
    while len(chosen) < min(most, len(vectors)):
        row = int(nearest.argmax())
        if nearest[row] < gain:
            break
        chosen.append(row)
        nearest = np.minimum(nearest, 1 - vectors @ vectors[row])
        nearest[chosen] = -np.inf
    return chosen
