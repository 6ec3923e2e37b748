"""Crops in, unit vectors out: a model, checked against its card."""

from collections.abc import Sequence
from copy import copy
from pathlib import Path

import numpy as np

from edge.errors import BadModel
from edge.images.letterbox import letterbox
from edge.model.card import load_card, remedy
from edge.model.runtime import load_model
from edge.types import Image, Vectors

NORM_TOLERANCE = 0.02


class Embedder:
    """A model ready to embed; several threads may share it.

    card: the model's card. runner: the model itself.
    """

    def __init__(self, model: Path, threads: int = 1, delegate: Path | None = None) -> None:
        """Given a .tflite file with its card beside it, load and check both.

        threads: CPU threads of one invocation. delegate: shared library of an accelerator, or None for the CPU.
        Raise BadModel if either is missing, they differ, or a grey picture's vector is not of unit length (± 0.02):
        a quantisation that collapses returns the zero vector.
        """
        self.card = load_card(model)
        # A fused file returns the cosines with its bank: with the identity matrix as the bank, these are the vector.
        bank = np.eye(self.card.dimension, dtype=np.float32) if self.card.fused else None
        self._given = model, threads, delegate, bank
        self.runner = run = load_model(*self._given)
        actual = f"{run.input_shape} {run.input_dtype} to {run.output_shape} {run.output_dtype}"
        expected = f"{(1, self.card.size, self.card.size, 3)} uint8 to {(1, self.card.dimension)} float32"
        if actual != expected:
            raise BadModel(f"model {model}: the file maps {actual}, its card says {expected}; {remedy(model)}")
        norm = float(np.linalg.norm(run.grey))
        if not abs(norm - 1) <= NORM_TOLERANCE:
            raise BadModel(
                f"model {model}: expected vectors of length 1 ± {NORM_TOLERANCE}, got {norm:.3f}; {remedy(model)}"
            )

    def twin(self) -> "Embedder":
        """Another one of the same model, to run beside this one. Raise BadModel."""
        other = copy(self)
        other.runner = load_model(*self._given)
        return other

    @property
    def runtime(self) -> str:
        """The module that runs the model."""
        return self.runner.runtime

    def embed(self, crops: Sequence[Image]) -> Vectors:
        """Given N crops of any size, return (N, dimension) float32 unit vectors; N may be 0.

        Raise BadCrop if a crop is empty or not three-channel uint8, BadModel if the runtime fails.
        """
        vectors: Vectors = np.empty((len(crops), self.card.dimension), np.float32)
        for row, crop in zip(vectors, crops, strict=True):
            row[:] = self.runner(letterbox(crop, self.card.size)[np.newaxis])[0]
        return vectors
