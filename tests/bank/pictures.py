"""Pictures and an embedder for the bank's tests."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from edge.images.letterbox import letterbox
from edge.model.card import ModelCard
from edge.types import Image, Vectors


def picture(seed: int, width: int = 48, height: int = 64) -> Image:
    """A picture of large random patches, RGB, (height, width, 3) uint8, another for each seed."""
    patches = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(patches, (width, height), interpolation=cv2.INTER_NEAREST))


def encoded(image: Image, suffix: str = ".jpg") -> bytes:
    """The content of a picture file."""
    return bytes(cv2.imencode(suffix, cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1].tobytes())


def write(path: Path, seed: int) -> Path:
    """Write the picture of this seed, making the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(picture(seed), path.suffix.lower()))
    return path


class Thumbnails:
    """An embedder by rule: a picture's vector is its 4x4 thumbnail, of unit length. It counts what it embeds."""

    def __init__(self, model: str = "thumbnails") -> None:
        self.card = ModelCard(id=model, size=32, dimension=48, precision="float32", threshold=0.95)
        self.count = 0

    def embed(self, crops: Sequence[Image]) -> Vectors:
        self.count += len(crops)
        vectors: Vectors = np.empty((len(crops), 48), np.float32)
        for vector, crop in zip(vectors, crops, strict=True):
            small = cv2.resize(letterbox(crop, 32), (4, 4), interpolation=cv2.INTER_AREA).astype(np.float32).ravel() + 1
            vector[:] = small / np.linalg.norm(small)
        return vectors
