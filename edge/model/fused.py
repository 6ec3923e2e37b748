"""Crops in, cosines with the bank out, in one invocation: the model with the match in its graph."""

from pathlib import Path

import numpy as np

from edge.images.letterbox import letterbox
from edge.model.runtime import load_model
from edge.types import Image, Vectors


class Fused:
    """A model and a bank as one graph; several threads may share it."""

    def __init__(self, graph: bytes, bank: Vectors, threads: int = 1, delegate: Path | None = None) -> None:
        """Given a graph that `graphs.fused` made of a model, and at least one unit vector (N, D), load both.

        threads, delegate: as for the Embedder. Raise BadModel.
        """
        self._run = load_model(graph, threads, delegate, bank)

    def scores(self, crop: Image) -> Vectors:
        """Given a crop of any size, return its cosines (N,) float32. Raise BadCrop, BadModel."""
        cosines: Vectors = self._run(letterbox(crop, self._run.input_shape[1])[np.newaxis])[0]
        return cosines
