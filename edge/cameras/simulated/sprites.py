"""Pictures with soft edges, laid over others in a fraction of a millisecond."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from edge.types import Image

Floats = npt.NDArray[np.float32]
Colour = tuple[int, int, int]
"""Red, green, blue."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture, already multiplied by its opacity, and what it lets through, both (h, w, 3) uint8.

    anchor: the column and row that stand for its place.
    """

    picture: Image
    through: Image
    anchor: tuple[int, int]


def sprite(colour: Floats, opacity: Floats, anchor: tuple[int, int]) -> Sprite:
    """Given grey levels, (h, w, 3) or (3,), and opacity in [0, 1], (h, w), return the sprite of them."""
    cover = np.clip(opacity, 0, 1)[..., None]
    picture = np.asarray(np.clip(colour, 0, 255) * cover, np.uint8)
    through = np.repeat(np.asarray(np.rint(255 * (1 - cover)), np.uint8), 3, 2)
    return Sprite(np.ascontiguousarray(picture), through, anchor)


def lay(onto: Image, over: Sprite, x: int, y: int, rows: int | None = None) -> None:
    """Lay a sprite with its anchor at (x, y) over a picture, of which only the first so many rows are touched."""
    left, top = x - over.anchor[0], y - over.anchor[1]
    height, width = over.through.shape[:2]
    bottom, right = min(top + height, onto.shape[0] if rows is None else rows), min(left + width, onto.shape[1])
    if bottom <= max(top, 0) or right <= max(left, 0):
        return
    place = onto[max(top, 0) : bottom, max(left, 0) : right]
    part = slice(max(-top, 0), bottom - top), slice(max(-left, 0), right - left)
    place[:] = cv2.add(cv2.multiply(place, over.through[part], scale=1 / 255), over.picture[part])


def mirrored(sprite: Sprite, part: float) -> Sprite:
    """Given a sprite, return its image in a table that mirrors a part of the light: upside down and seen through."""
    picture = cv2.convertScaleAbs(sprite.picture[::-1], alpha=part)
    through = 255 - np.asarray(cv2.convertScaleAbs(255 - sprite.through[::-1], alpha=part), np.uint8)
    column, row = sprite.anchor
    return Sprite(np.asarray(picture, np.uint8), through, (column, len(picture) - 1 - row))


def shadow(opacity: Floats, depth: float, soft: float, anchor: tuple[int, int]) -> Sprite:
    """Given what stands in the light, return its shadow; depth: the part of the light that is taken."""
    pad = round(3 * soft) + 1
    dark = cv2.GaussianBlur(cv2.copyMakeBorder(opacity, pad, pad, pad, pad, cv2.BORDER_CONSTANT), (0, 0), soft)
    return sprite(np.zeros(3, np.float32), np.asarray(depth * dark, np.float32), (anchor[0] + pad, anchor[1] + pad))
