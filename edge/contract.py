"""What a model expects of a crop, a square with the object centred on black, and the card that says so.

Only geometry lives here; rescaling and L2 normalisation are inside the exported graph. Training and the Pi call
this same function, so the two cannot drift apart.
"""

import hashlib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml

from edge.errors import BadCrop, BadModel
from edge.types import Image


def letterbox(image: Image, size: int) -> Image:
    """Given an RGB picture (height, width, 3) uint8, return it scaled whole into (size, size, 3), centred on black.

    It is halved while it is twice as large or larger, then interpolated between four pixels: a fifth of the time that
    averaging over fractions of pixels takes, and as good. A picture of that size is returned itself.
    Raise BadCrop if the picture is empty, not three-channel uint8, or size is under 1.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise BadCrop(f"expected a non-empty (height, width, 3) uint8 RGB picture, got {image.shape} {image.dtype}")
    if size < 1:
        raise BadCrop(f"expected a size of at least 1 pixel, got {size}")
    height, width = image.shape[:2]
    if height == width == size:
        return image
    scale = size / max(height, width)
    new_height, new_width = max(1, round(height * scale)), max(1, round(width * scale))
    while max(height, width) >= 2 * size:
        height, width = -(-height // 2), -(-width // 2)  # nothing is cut off where they are odd
        image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    square: Image = np.zeros((size, size, 3), np.uint8)
    top, left = (size - new_height) // 2, (size - new_width) // 2
    inside = square[top : top + new_height, left : left + new_width]
    cv2.resize(image, (new_width, new_height), dst=inside, interpolation=cv2.INTER_LINEAR)
    return square


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A measured threshold: the cosine that keeps false accepts at `far`, and the genuine share `tar` it lets in."""

    far: float
    threshold: float
    tar: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model file is; it lies beside `NAME.tflite` as `NAME.yaml`.

    id: SHA-256 of the model file in hexadecimal; vectors of different ids are never compared.
    size: side of the square input in pixels. The input is uint8 RGB, (N, size, size, 3).
    dimension: length of the unit vectors that come out, float32 (N, dimension).
    precision: how the weights are stored: float32, float16, dynamic or int8.
    threshold: default cosine in [-1, 1] below which a probe is unknown.
    about: data, recipe and figures, for people and for `training evaluate`.
    """

    id: str
    size: int
    dimension: int
    precision: str
    threshold: float
    operating_points: tuple[OperatingPoint, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)

    def save(self, model: Path) -> Path:
        """Write the card beside its model and return its path."""
        path = model.with_suffix(".yaml")
        plain = asdict(self) | {"operating_points": [asdict(point) for point in self.operating_points]}
        path.write_text(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return path


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""A card names everything it was trained on: libyaml, where PyYAML has it, reads it ten times as fast."""


def model_id(model: Path) -> str:
    """Given a model file, return its SHA-256. Raise BadModel if it cannot be read."""
    try:
        return hashlib.sha256(model.read_bytes()).hexdigest()
    except OSError as error:
        raise BadModel(f"model {model}: {error.strerror}; give the path of a .tflite file") from error


def load_card(model: Path) -> ModelCard:
    """Given a model file, return the card beside it.

    Raise BadModel if the card is missing, malformed, or its id is not that of the file.
    """
    path = model.with_suffix(".yaml")
    try:
        plain = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
        points = tuple(OperatingPoint(**point) for point in plain.pop("operating_points", ()))
        card = ModelCard(**plain, operating_points=points)
    except FileNotFoundError as error:
        raise BadModel(f"model card {path}: not found; every model needs its card beside it") from error
    except (OSError, yaml.YAMLError, UnicodeDecodeError, TypeError, AttributeError) as error:
        names = ", ".join(f.name for f in fields(ModelCard))
        raise BadModel(f"model card {path}: expected the keys {names}, got {str(error).splitlines()[0]}") from error
    actual = model_id(model)
    if card.id != actual:
        raise BadModel(
            f"model {model}: its SHA-256 is {actual[:12]}…, its card says {str(card.id)[:12]}…; export both again"
        )
    return card
