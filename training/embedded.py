"""A set of photos and their vectors: what every figure is computed from, kept in one file for each model.

A set is `<folder>/{train,val,test}/<product>/` with `<folder>/not-a-product/`, or just `<folder>/<product>/`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from edge.errors import BadPhoto
from edge.types import Image, Vectors

Embed = Callable[[Sequence[Image]], Vectors]
"""Crops of any size in, (N, D) float32 unit vectors out."""

Role = Literal["enroll", "probe", "any", "non-product"]
"""What a photo may serve as; "any": to be enrolled or to be a probe, as each draw decides."""

NON_PRODUCTS = "not-a-product"
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_SCENE = re.compile(r"(.*\d)_\d+$")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a set. scene: photos of one product with the same scene never lie on both sides of a comparison."""

    path: Path
    product: str
    role: Role
    scene: str


@dataclass(frozen=True, slots=True)
class Embedded:
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
        columns = {
            name: np.array([str(getattr(photo, name)) for photo in self.photos])
            for name in ("path", "product", "role", "scene")
        }
        if self.left_out is not None:
            columns["left_out"] = np.array(self.left_out, np.str_)
        np.savez(path, vectors=self.vectors, model=np.array(self.model), **columns)

    @classmethod
    def load(cls, path: Path) -> "Embedded":
        """Read what `save` wrote."""
        with np.load(path) as file:
            columns = (file[name].tolist() for name in ("path", "product", "role", "scene"))
            photos = tuple(
                Photo(Path(p), product, role, scene) for p, product, role, scene in zip(*columns, strict=True)
            )
            left_out = tuple(file["left_out"].tolist()) if "left_out" in file else None
            return cls(photos, file["vectors"], left_out, str(file["model"]))


def find_photos(folder: Path) -> list[Photo]:
    """Given the folder of a set, return its photos in order of path. Raise BadPhoto if it holds no product.

    Where the set is split, train and val photos may be enrolled and test photos are probes.
    """
    photos = _photos_in(folder / NON_PRODUCTS, "", "non-product")
    if (folder / "test").is_dir():
        sources: list[tuple[Path, Role]] = [(folder / "train", "enroll"), (folder / "val", "enroll")]
        sources.append((folder / "test", "probe"))
    else:
        sources = [(folder, "any")]
    for source, role in sources:
        for product in sorted(source.iterdir()) if source.is_dir() else []:
            if product.is_dir() and product.name != NON_PRODUCTS:
                photos += _photos_in(product, product.name, role)
    if all(photo.role == "non-product" for photo in photos):
        raise BadPhoto(f"{folder}: no photos found; expected <product>/*.jpg, or the same under train, val and test")
    return sorted(photos, key=lambda photo: photo.path)


def read(path: Path) -> Image:
    """Given a photo's path, return it as RGB, turned as its EXIF says. Raise BadPhoto if it cannot be decoded."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise BadPhoto(f"{path}: expected a JPEG, PNG or WebP picture; it cannot be decoded")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)  # type: ignore[return-value]


def embed_photos(
    embed: Embed, photos: Sequence[Photo], left_out: Sequence[str] | None = None, model: str = "", batch: int = 32
) -> Embedded:
    """Given a way to embed and the photos of a set, return them with their vectors, read `batch` at a time."""
    parts = [embed([read(photo.path) for photo in photos[i : i + batch]]) for i in range(0, len(photos), batch)]
    vectors = np.ascontiguousarray(np.concatenate(parts), np.float32)
    return Embedded(tuple(photos), vectors, None if left_out is None else tuple(left_out), model)


def pool(sets: Sequence[Embedded]) -> Embedded:
    """Given sets embedded by one model, return them as one. A product of the same name is the same product."""
    left_out = {product for each in sets for product in each.never_trained}
    return Embedded(
        tuple(photo for each in sets for photo in each.photos),
        np.concatenate([each.vectors for each in sets]),
        tuple(sorted(left_out)),
        sets[0].model,
    )


def _photos_in(folder: Path, product: str, role: Role) -> list[Photo]:
    files = [p for p in folder.glob("*") if p.suffix.lower() in _SUFFIXES and not p.name.startswith(".")]
    return [Photo(path, product, role, _scene(path)) for path in sorted(files)]


def _scene(path: Path) -> str:
    """`12_3` is view 3 of scene 12; a name with one number is a scene of its own."""
    numbered = _SCENE.match(path.stem)
    return f"{path.parent}/{numbered[1] if numbered else path.stem}"
