"""A large bank in 8 bits a number: a quarter of the bytes that a look at every vector has to read.

A match reads the whole bank once, so on any machine its time is the bank's bytes over the memory's bandwidth. Here
the first pass reads codes, c = round(x / s) with s = max|x| / 127 for each vector x, and gives approximate cosines
with a bound on their error, so that the caller can take the few vectors that may be among the best and compare those
in float32: the answer is that of the exact search, not a likely one.

The bound: write x = s c + e for a vector of the bank and q = t d + f for the probe. Then q·x - (t d)·(s c) is
f·(s c) + q·e, by Cauchy and Schwarz at most |f| |s c| + |q| |e|, and all four lengths are known.
"""

from math import sqrt

import numpy as np

from edge.errors import BadModel
from edge.model.graph import product
from edge.model.runtime import load_model
from edge.types import Vectors

BLOCK = 4096
"""Vectors coded at a time, to need little memory beside them."""

PROOFS = 64
"""Vectors whose products must be exact before the runtime is trusted with the codes."""

ROUNDING = 1e-6
"""What float32 adds to the error."""


class Int8Search:
    """The codes of a bank's vectors; several threads may share them."""

    def __init__(self, vectors: Vectors) -> None:
        """Given unit vectors (N, D) float32, N at least 1, code them.

        Raise BadModel if the runtime cannot multiply codes, or not exactly.
        """
        codes = np.empty(vectors.shape, np.int8)
        self._scales = np.empty(len(vectors), np.float32)
        self._length = self._error = 0.0
        for start in range(0, len(vectors), BLOCK):
            part = slice(start, start + BLOCK)
            scales = np.maximum(np.abs(vectors[part]).max(axis=1), 1e-30) / np.float32(127)
            codes[part] = np.round(vectors[part] / scales[:, np.newaxis])
            coded = codes[part] * scales[:, np.newaxis]
            self._length = max(self._length, float(np.linalg.norm(coded, axis=1).max()))
            self._error = max(self._error, float(np.linalg.norm(vectors[part] - coded, axis=1).max()))
            self._scales[part] = scales
        self._run = load_model(product(vectors.shape[1]), bank=codes)
        probe = np.round(np.linspace(-127, 127, vectors.shape[1])).astype(np.int32)
        exact = codes[:PROOFS] @ probe
        if not np.array_equal(self._run(probe[np.newaxis].astype(np.float32))[0, :PROOFS], exact):
            raise BadModel(f"{self._run.runtime} does not multiply 8-bit vectors exactly")

    def scores(self, probe: Vectors) -> tuple[Vectors, float]:
        """Given a unit vector (D,) float32, return its approximate cosines (N,) and the most that one is off."""
        scale = max(float(np.abs(probe).max()), 1e-30) / 127
        coded = np.rint(probe / np.float32(scale)) * np.float32(scale)  # which the runtime codes as that
        lost = probe - coded
        cosines = self._run(coded[np.newaxis])[0]
        cosines *= self._scales
        return cosines, sqrt(lost @ lost) * self._length + sqrt(probe @ probe) * self._error + ROUNDING
