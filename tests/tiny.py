"""The tiny model of tests/fixtures, which sees only the mean colours of nine patches, and pictures that it can tell."""

from pathlib import Path

import numpy as np

from edge.types import Image

TINY = Path(__file__).parent / "fixtures" / "tiny.tflite"


def colours(seed: int, noise: float = 0) -> Image:
    """Given a seed, return a (48, 48, 3) picture of 3x3 patches of its own colours."""
    patches = np.random.default_rng(seed).integers(0, 256, (3, 3, 3)).repeat(16, 0).repeat(16, 1)
    speckle = np.random.default_rng(seed + 1).normal(0, noise or 1e-9, patches.shape)
    return np.clip(patches + speckle, 0, 255).astype(np.uint8)
