"""A set of photos and their vectors: what every figure is computed from, kept in one file for each model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from edge.images.reader import OVERSAMPLING, read_photo
from edge.types import Image, Vectors
from training.data.photos import Photo, Role

Embed = Callable[[Sequence[Image]], Vectors]
"""Crops of any size in, (N, D) float32 unit vectors out."""


@dataclass(frozen=True, slots=True)
class EmbeddedSet:
    """The photos of a set and their vectors by one model; row i of each belongs to photo i.

    left_out: the products that the model was not trained on, or None where all of the set are new to it.
    model: the id of the model, or a name.
    """

    photos: tuple[Photo, ...]
    vectors: Vectors
    left_out: tuple[str, ...] | None = None
    model: str = ""

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.photos):
            raise ValueError(f"expected ({len(self.photos)}, D) vectors, got {self.vectors.shape}")

    @property
    def products(self) -> list[str]:
        """The products of the set, in order of name."""
        return sorted({photo.product for photo in self.photos if photo.role != "non-product"})

    @property
    def never_trained(self) -> list[str]:
        return self.products if self.left_out is None else sorted(set(self.left_out) & set(self.products))

    @property
    def trained(self) -> list[str]:
        return sorted(set(self.products) - set(self.never_trained))

    @property
    def mixes_training(self) -> bool:
        """Whether photos trained on may become probes: a product was trained on, and no test/ keeps them apart."""
        trained = set(self.trained)
        return any(photo.role == "any" and photo.product in trained for photo in self.photos)

    def rows(self, *roles: Role) -> npt.NDArray[np.intp]:
        """The rows of the photos with one of these roles."""
        return np.array([i for i, photo in enumerate(self.photos) if photo.role in roles], np.intp)

    def save(self, path: Path) -> None:
        """Write to an .npz file, making its folder."""
        path.parent.mkdir(parents=True, exist_ok=True)
        columns: dict[str, Any] = {
            name: np.array([str(getattr(photo, name)) for photo in self.photos])
            for name in ("path", "product", "role", "scene")
        }
        if self.left_out is not None:
            columns["left_out"] = np.array(self.left_out, np.str_)
        np.savez(path, vectors=self.vectors, model=np.array(self.model), **columns)

    @classmethod
    def load(cls, path: Path) -> "EmbeddedSet":
        """Read what `save` wrote."""
        with np.load(path) as file:
            columns = (file[name].tolist() for name in ("path", "product", "role", "scene"))
            photos = tuple(
                Photo(Path(p), product, role, scene) for p, product, role, scene in zip(*columns, strict=True)
            )
            left_out = tuple(file["left_out"].tolist()) if "left_out" in file else None
            return cls(photos, file["vectors"], left_out, str(file["model"]))


def embed_photos(
    embed: Embed,
    photos: Sequence[Photo],
    left_out: Sequence[str] | None = None,
    model: str = "",
    *,
    size: int | None = None,
    batch: int = 32,
) -> EmbeddedSet:
    """Given a way to embed and the photos of a set, return them with their vectors.

    size: side of the model's input in pixels; photos are then decoded as the Pi decodes them for it, else whole.
    batch: photos read at a time. Raise BadPhoto if one cannot be read.
    """
    least = OVERSAMPLING * size if size else None
    groups = (photos[i : i + batch] for i in range(0, len(photos), batch))
    parts = [embed([read_photo(photo.path, least) for photo in group]) for group in groups]
    vectors = np.ascontiguousarray(np.concatenate(parts), np.float32)
    return EmbeddedSet(tuple(photos), vectors, None if left_out is None else tuple(left_out), model)


def pool(sets: Sequence[EmbeddedSet]) -> EmbeddedSet:
    """Given sets embedded by one model, return them as one. A product of the same name is the same product."""
    left_out = {product for each in sets for product in each.never_trained}
    return EmbeddedSet(
        tuple(photo for each in sets for photo in each.photos),
        np.concatenate([each.vectors for each in sets]),
        tuple(sorted(left_out)),
        sets[0].model,
    )
