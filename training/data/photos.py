"""The photos of a set in folders.

A set is `<folder>/{train,val,test}/<product>/` with `<folder>/not-a-product/`, or just `<folder>/<product>/`.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from edge.errors import BadPhoto
from edge.images.reader import SUFFIXES

Role = Literal["enroll", "probe", "any", "non-product"]
"""What a photo may serve as; "any": to be enrolled or to be a probe, as each draw decides."""

NON_PRODUCTS = "not-a-product"
_SCENE = re.compile(r"(.*\d)_\d+$")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a set. scene: photos of one product with the same scene never lie on both sides of a comparison."""

    path: Path
    product: str
    role: Role
    scene: str


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


def pictures(folder: Path) -> list[Photo]:
    """Given a folder, return the pictures in it and below it, none of them of a product, in order of path."""
    folders = sorted({folder, *(path for path in folder.rglob("*") if path.is_dir())})
    return [photo for each in folders for photo in _photos_in(each, "", "non-product")]


def _photos_in(folder: Path, product: str, role: Role) -> list[Photo]:
    files = [p for p in folder.glob("*") if p.suffix.lower() in SUFFIXES and not p.name.startswith(".")]
    return [Photo(path, product, role, _scene(path)) for path in sorted(files)]


def _scene(path: Path) -> str:
    """`12_3` is view 3 of scene 12; a name with one number is a scene of its own."""
    numbered = _SCENE.match(path.stem)
    return f"{path.parent}/{numbered[1] if numbered else path.stem}"
