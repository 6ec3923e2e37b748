"""Where a cut-out stands: before black, a plain ground, a table and a wall, clutter, or a shelf."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.types import Image
from training.data.made_up.artwork import fill_shape, paste
from training.data.made_up.light import Bytes


def place(cutout: Bytes, roll: float, rng: np.random.Generator, neighbours: Sequence[Bytes] = ()) -> Image:
    """Given a cut-out RGBA (h, w, 4), roll it by this angle in radians, tilt it, scale it to 100 to 256 pixels, and
    return it before a random background with a margin around, RGB.

    neighbours: cut-outs of what fills the shelf behind, if any.
    """
    high, wide = cutout.shape[:2]
    scale = rng.uniform(0.6, 1) * (180 if neighbours else 256) / max(high, wide)
    c, s = scale * np.cos(roll), scale * np.sin(roll)
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    seen = (corners - [wide / 2, high / 2]) @ np.array([[c, s], [-s, c]])
    seen *= 1 + np.clip(rng.normal(0, 0.04), -0.12, 0.12) * np.array([[-1], [-1], [1], [1]])
    seen -= seen.min(axis=0)
    margins = rng.uniform(0.01, 0.4 if neighbours else 0.12, (2, 2)) * seen.max()
    width, height = (int(side) for side in np.ceil(seen.max(axis=0) + margins.sum(axis=0)))
    transform = cv2.getPerspectiveTransform(corners, (seen + margins[0]).astype(np.float32))
    drawn = cv2.warpPerspective(cutout, transform, (width, height))
    opaque = drawn[:, :, 3:].astype(np.float32) / 255
    behind = _shelf(rng, height, width, neighbours) if neighbours else background(rng, height, width)
    if rng.random() < 0.4:
        behind = _shadowed(behind, opaque, rng)
    return (behind + opaque * (drawn[:, :, :3].astype(np.float32) - behind)).astype(np.uint8)


def _shadowed(image: Image, opaque: npt.NDArray[Any], rng: np.random.Generator) -> npt.NDArray[Any]:
    """The image with the soft shadow of something opaque (h, w, 1) before it."""
    reach = int(rng.integers(5, max(6, min(image.shape[:2]) // 4)))
    anchor = [int(at) for at in rng.integers(0, reach, 2)]
    shadow = cv2.blur(opaque, (reach, reach), anchor=anchor)[:, :, None]
    return image * (1 - rng.uniform(0.2, 0.7) * shadow)


def _shelf(rng: np.random.Generator, height: int, width: int, neighbours: Sequence[Bytes]) -> Image:
    """Rows of the neighbours, each several times side by side, out of focus at times."""
    image = _patches(rng, 2, height, width)
    rows = int(rng.integers(1, 4))
    tall = round(height / rows * rng.uniform(0.8, 1.3))
    for row in range(rows):
        ground = round((row + rng.uniform(0.6, 1.1)) * height / rows)
        left = -round(width * rng.uniform(0, 0.3))
        while left < width:
            neighbour = neighbours[int(rng.integers(len(neighbours)))]
            wide = max(1, round(tall * neighbour.shape[1] / neighbour.shape[0]))
            small = cv2.resize(neighbour, (wide, tall), interpolation=cv2.INTER_AREA)
            for _ in range(int(rng.integers(1, 4))):
                paste(image, small[:, :, :3], small[:, :, 3], (left + wide / 2, ground - tall / 2))
                left += round(1.05 * wide)
    return np.asarray(cv2.blur(image, (3, 3)), np.uint8) if rng.random() < 0.5 else image


def background(rng: np.random.Generator, height: int, width: int) -> Image:
    """Return a random background (height, width, 3) uint8 RGB."""
    what = rng.random()
    if what < 0.2:
        return np.zeros((height, width, 3), np.uint8)
    if what < 0.4:
        return _patches(rng, 2, height, width)
    if what < 0.6:
        return _table(rng, height, width)
    if what < 0.8:
        return _patches(rng, int(rng.integers(3, 12)), height, width)
    return _clutter(rng, height, width)


def _patches(rng: np.random.Generator, cells: int, height: int, width: int) -> Image:
    """A few colours that run into each other."""
    spread = 12 if cells == 2 else rng.uniform(5, 45)
    light = rng.uniform(0, 255) + rng.normal(0, spread, (cells, cells, 1))
    colours = light + rng.normal(0, 12, 3) + rng.normal(0, spread / 4, (cells, cells, 3))
    few = np.clip(colours, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _table(rng: np.random.Generator, height: int, width: int) -> Image:
    image = _patches(rng, 2, height, width)
    edge = min(height - 1, round(height * rng.uniform(0.3, 0.95)))
    table = _patches(rng, 2, height - edge, width)
    if rng.random() < 0.5:
        lines = rng.normal(0, 12, (max(1, (height - edge) // 3), 4, 1)).repeat(3, axis=2)
        grain = cv2.resize(lines.astype(np.float32), (width, height - edge), interpolation=cv2.INTER_LINEAR)
        table = np.clip(table + grain, 0, 255).astype(np.uint8)
    image[edge:] = table
    return image


def _clutter(rng: np.random.Generator, height: int, width: int) -> Image:
    image = _patches(rng, 3, height, width)
    for _ in range(int(rng.integers(4, 14))):
        centre = rng.uniform(0, 1, 2) * (width, height)
        size = rng.uniform(0.08, 0.6, 2) * min(height, width)
        tint = np.clip(rng.uniform(0, 255) + rng.normal(0, 35, 3), 0, 255).tolist()
        if rng.random() < 0.6:
            corners = cv2.boxPoints((centre.tolist(), size.tolist(), float(rng.uniform(-30, 30))))
            fill_shape(image, corners, tint)
        else:
            cv2.ellipse(image, (centre.tolist(), size.tolist(), float(rng.uniform(0, 180))), tint, -1, cv2.LINE_AA)
    return np.asarray(cv2.blur(image, (5, 5)), np.uint8) if rng.random() < 0.6 else image
