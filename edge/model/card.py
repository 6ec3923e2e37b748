"""The card of a model: what the file beside it expects and returns, with the figures it was measured at."""

import hashlib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from edge.errors import BadModel
from edge.storage.files import write_atomic
from edge.text import one_line


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
    fused: whether the file takes the bank as a second input, float32 (M, dimension), and returns the cosines of the
    image with each of its rows, float32 (N, M), as `training export --fused` writes it.
    """

    id: str
    size: int
    dimension: int
    precision: str
    threshold: float
    operating_points: tuple[OperatingPoint, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)
    fused: bool = False

    def save(self, model: Path) -> Path:
        """Write the card beside its model, whole or not at all, and return its path. Raise OSError."""
        path = model.with_suffix(".yaml")
        plain = asdict(self) | {"operating_points": [asdict(point) for point in self.operating_points]}
        write_atomic(path, yaml.safe_dump(plain, sort_keys=False, allow_unicode=True).encode())
        return path


SHIPPED = Path(__file__).resolve().parents[1] / "models"
"""The models that ship with this package: a link in a clone, a folder once installed."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""A card names everything it was trained on: libyaml, where PyYAML has it, reads it ten times as fast."""


def remedy(model: Path) -> str:
    """Given a model that cannot be used, return what to do."""
    shipped = model.resolve().parent == SHIPPED.resolve()
    return "the file is damaged, install Bottlebank again" if shipped else "export model and card again"


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
        missing = f"model card {path}: not found; every model needs its card beside it, {remedy(model)}"
        raise BadModel(missing) from error
    except (OSError, yaml.YAMLError, UnicodeDecodeError, TypeError, AttributeError) as error:
        names = ", ".join(f.name for f in fields(ModelCard))
        raise BadModel(
            f"model card {path}: expected the keys {names}, got {one_line(error)}; {remedy(model)}"
        ) from error
    _check_values(card, path, model)
    actual = model_id(model)
    if card.id != actual:
        raise BadModel(f"model {model}: its SHA-256 is {actual[:12]}…, its card says {card.id[:12]}…; {remedy(model)}")
    return card


def _check_values(card: ModelCard, path: Path, model: Path) -> None:
    """Raise BadModel if a value of a card is not what it must be."""
    values = {"threshold": card.threshold} | {
        f"operating_points.{point.far}": point.threshold for point in card.operating_points
    }
    for name, value in values.items():
        if not isinstance(value, int | float) or isinstance(value, bool) or not -1 <= value <= 1:
            raise BadModel(f"model card {path}: {name}: expected a number from -1 to 1, got {value!r}; {remedy(model)}")
    for name in ("size", "dimension"):
        if not isinstance(value := getattr(card, name), int) or value < 1:
            raise BadModel(f"model card {path}: {name}: expected a whole number from 1, got {value!r}; {remedy(model)}")
    if not isinstance(card.id, str):
        raise BadModel(f"model card {path}: id: expected text, got {card.id!r}; {remedy(model)}")
