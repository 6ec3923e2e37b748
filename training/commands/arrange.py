"""From photos that a file names products for to a folder a product: `python -m training arrange`.

The file is YAML: `aspect`, the true width over height of the photos, where they are stored squeezed; then for each
folder of photos `product: [file names without suffix]`.
"""

import argparse
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml

from edge.errors import BadPhoto
from edge.images.crop import crop
from edge.types import Box, Image
from training.data.photos import read

LABELS = Path(__file__).parents[1] / "data" / "labels"

LEAST = 6
"""Photos of a product from which on it can be evaluated too: four are enrolled, two are left."""

MARGIN = 0.08
"""Around the object, of its longer side."""

LIGHT, UNLIKE, PART = 110, 35, 0.004
"""A board's grey level at least, by how much an object differs from it, and its part of the picture at least."""


def add_arrange_arguments(parser: argparse.ArgumentParser) -> None:
    known = ", ".join(sorted(path.stem for path in LABELS.glob("*.yaml")))
    parser.add_argument("labels", help=f"a file of labels, or one of {known}")
    parser.add_argument("--photos", type=Path, required=True, help="the folder of the folders that the file names")
    parser.add_argument(
        "--out", type=Path, required=True, help="gets many/<product>/ and, of fewer than six photos, few/<product>/"
    )


def run_arrange(args: argparse.Namespace) -> int:
    """Write the photos, cut off their even board, into folders of products. Raise BadPhoto if one is missing."""
    path = Path(args.labels)
    labels = _load(path if path.suffix else LABELS / f"{args.labels}.yaml")
    aspect = labels.pop("aspect", None)
    counts = {"many": 0, "few": 0}
    for folder, products in labels.items():
        for product, names in products.items():
            kind = "many" if len(names) >= LEAST else "few"
            out = args.out / kind / product
            out.mkdir(parents=True, exist_ok=True)
            for name in names:
                image = cut(_in_shape(read(args.photos / folder / f"{name}.jpg"), aspect))
                cv2.imwrite(str(out / f"{name}.jpg"), image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
            counts[kind] += 1
    print(f"{args.out}: {counts['many']} products of {LEAST} photos or more, {counts['few']} of fewer")
    return 0


def cut(image: Image) -> Image:
    """Given an RGB photo (h, w, 3) of an object on an even, light board, return the object with a margin around it.

    Another photo is returned as it is.
    """
    rim = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]]).astype(np.float32)
    board = np.median(rim, axis=0)
    unlike = (np.abs(image - board).max(axis=2) > UNLIKE).astype(np.uint8)
    unlike = cv2.morphologyEx(unlike, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)).astype(np.uint8)
    count, parts, statistics, _ = cv2.connectedComponentsWithStats(unlike)
    large = [part for part in range(1, count) if statistics[part, cv2.CC_STAT_AREA] > PART * unlike.size]
    if board.min() < LIGHT or not large:
        return image
    box = Box(*cv2.boundingRect(np.isin(parts, large).astype(np.uint8)))
    return crop(image, box, MARGIN)


def _in_shape(image: Image, aspect: float | None) -> Image:
    """The photo, as wide as it is to be for its longer side to stay."""
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
            raise BadPhoto(f"labels {path}: {folder}: expected `product: [file names]`; mend it there")
    return labels


def _names_photos(products: Any) -> bool:
    return isinstance(products, dict) and all(isinstance(names, list) for names in products.values())
