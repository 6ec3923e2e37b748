"""From photos that a file names products for to one folder per product.

The file is YAML: `aspect`, the true width over height of the photos, where they are stored squeezed; then for each
folder of photos `product: [file names without suffix]`.
"""

from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import yaml

from edge.errors import BadPhoto
from edge.images.crop import crop
from edge.images.reader import read_photo
from edge.images.writer import write_picture
from edge.types import Box, Image

LABELS = Path(__file__).parent / "labels"

MIN_PHOTOS = 6
"""Photos of a product from which on it can be evaluated too: four are enrolled, two are left."""

MARGIN = 0.08
"""Around the object, of its longer side."""

BOARD_GREY, OBJECT_DIFFERENCE, OBJECT_AREA = 110, 35, 0.004
"""The least grey level of a board, the least difference of an object from it, and the object's least part of the
picture."""


class Arranged(NamedTuple):
    """How many products were arranged, of MIN_PHOTOS photos or more, and of fewer; how many photos have no product."""

    many: int
    few: int
    unnamed: int


def arrange(labels: Path, photos: Path, out: Path) -> Arranged:
    """Given a file of labels and the folder of the folders that it names, write the photos, cut off their board.

    A product's photos go to many/<product>/ or, if they are fewer than MIN_PHOTOS, to few/<product>/; those that the
    labels do not name go to unnamed/<folder>/, both cut and whole.
    Raise BadPhoto if the labels or a photo cannot be read.
    """
    folders = _load(labels)
    aspect = folders.pop("aspect", None)
    counts = {"many": 0, "few": 0, "unnamed": 0}
    for folder, products in folders.items():
        named = {name for names in products.values() for name in names}
        for path in sorted((photos / folder).glob("*.jpg")):
            if path.stem not in named:
                (out / "unnamed" / folder).mkdir(parents=True, exist_ok=True)
                photo = _unsqueezed(read_photo(path), aspect)
                write_picture(out / "unnamed" / folder / f"{path.stem}.jpg", cut(photo))
                write_picture(out / "unnamed" / folder / f"{path.stem}-whole.jpg", photo)
                counts["unnamed"] += 1
        for product, names in products.items():
            kind = "many" if len(names) >= MIN_PHOTOS else "few"
            (out / kind / product).mkdir(parents=True, exist_ok=True)
            for name in names:
                photo = _unsqueezed(read_photo(photos / folder / f"{name}.jpg"), aspect)
                write_picture(out / kind / product / f"{name}.jpg", cut(photo))
            counts[kind] += 1
    return Arranged(**counts)


def cut(image: Image) -> Image:
    """Given an RGB photo (h, w, 3) of an object on an even, light board, return the object with a margin around it.

    Any other photo is returned as it is.
    """
    rim = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]]).astype(np.float32)
    board = np.median(rim, axis=0)
    unlike = (np.abs(image - board).max(axis=2) > OBJECT_DIFFERENCE).astype(np.uint8)
    unlike = cv2.morphologyEx(unlike, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)).astype(np.uint8)
    count, parts, statistics, _ = cv2.connectedComponentsWithStats(unlike)
    large = [part for part in range(1, count) if statistics[part, cv2.CC_STAT_AREA] > OBJECT_AREA * unlike.size]
    if board.min() < BOARD_GREY or not large:
        return image
    box = Box(*cv2.boundingRect(np.isin(parts, large).astype(np.uint8)))
    return crop(image, box, MARGIN)


def _unsqueezed(image: Image, aspect: float | None) -> Image:
    """The photo at its true aspect, its longer side as long as before."""
    if aspect is None:
        return image
    side = max(image.shape[:2])
    size = (side, round(side / aspect)) if aspect > 1 else (round(side * aspect), side)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _load(path: Path) -> dict[str, Any]:
    try:
        labels = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadPhoto(
            f"labels {path}: {str(error).splitlines()[0]}; give a YAML file of folders and products"
        ) from error
    if not isinstance(labels, dict):
        raise BadPhoto(f"labels {path}: expected folders with products, got {type(labels).__name__}")
    for folder, products in labels.items():
        if folder != "aspect" and not _names_photos(products):
            raise BadPhoto(f"labels {path}: {folder}: expected `product: [file names]`; fix it there")
    return labels


def _names_photos(products: Any) -> bool:
    return isinstance(products, dict) and all(isinstance(names, list) for names in products.values())
