"""One model on several cores, for those who have many crops at once."""

from collections.abc import Sequence

import numpy as np

from edge.model.embedder import Embedder
from edge.parallel import Shared, in_order
from edge.types import Image, Vectors


class Embedders:
    """As an Embedder, of which there are several, each made when it is first needed; threads may share them.

    card: the model's card.
    """

    def __init__(self, first: Embedder, most: int) -> None:
        """Given one that is ready, have no more than `most` side by side."""
        self.card = first.card
        self._most, self._shared = most, Shared(first.twin, most, first)

    def one(self, crop: Image) -> Vectors:
        """Given a crop, return its unit vector, (1, dimension) float32, once one is free. Raise as an Embedder."""
        return self._shared.use(lambda each: each.embed([crop]))

    def embed(self, crops: Sequence[Image]) -> Vectors:
        """Given N crops of any size, return (N, dimension) float32 unit vectors; N may be 0. Raise as an Embedder."""
        none: Vectors = np.empty((0, self.card.dimension), np.float32)
        return np.concatenate([none, *in_order(self.one, crops, self._most)])
