"""Draws the people in the scene from rounded limbs: an arm with a hand that grips, and a passer-by behind the table."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from edge.cameras.simulated.sprites import Colour, Floats, Sprite, shadow, sprite

SKINS: tuple[Colour, ...] = ((226, 172, 142), (198, 140, 106), (120, 78, 56), (240, 196, 170))
SLEEVES: tuple[Colour, ...] = ((104, 32, 42), (44, 62, 96), (70, 84, 66), (52, 50, 56))

REACH = 1.5
"""Length of an arm, as a part of the picture's height: its shoulder is never in view."""

SIDE_OF_PERSON = 0.2
"""Half of a passer-by's breadth, as a part of the picture's height."""


class Limb(NamedTuple):
    """A rounded limb from (x0, y0) to (x1, y1), with the radius at both ends; all as parts of the picture's height."""

    x0: float
    y0: float
    x1: float
    y1: float
    r0: float
    r1: float
    colour: Colour


class Arm(NamedTuple):
    """An arm in the layers between which it holds things, and its shadow; the anchors are where it grips."""

    behind: Sprite
    before: Sprite
    shadow: Sprite


@lru_cache(maxsize=8)
def arm(towards: int, person: int, height: int) -> Arm:
    """Given where it points (degrees, clockwise from the right), whose it is, and the picture's height."""
    skin, sleeve = SKINS[person % len(SKINS)], SLEEVES[person % len(SLEEVES)]
    cuff: Colour = (min(255, sleeve[0] + 24), min(255, sleeve[1] + 24), min(255, sleeve[2] + 24))
    back = [
        Limb(-0.14, 0.055, -0.015, 0.062, 0.034, 0.024, skin),
        Limb(-REACH, 0.0, -0.3, 0.0, 0.14, 0.085, sleeve),
        Limb(-0.31, 0.0, -0.29, 0.0, 0.086, 0.084, cuff),
        Limb(-0.27, 0.0, -0.12, 0.0, 0.056, 0.062, skin),
        Limb(-0.13, -0.03, -0.11, 0.03, 0.056, 0.056, skin),
    ]
    lengths = (0.042, 0.06, 0.056, 0.03)
    fingers = [
        Limb(-0.105, -0.062 + 0.034 * n, far, -0.052 + 0.031 * n, 0.021, 0.016, skin) for n, far in enumerate(lengths)
    ]
    nails = [
        Limb(far + 0.004, limb.y1, far + 0.01, limb.y1, 0.008, 0.008, (min(255, skin[0] + 14), skin[1], skin[2]))
        for far, limb in zip(lengths, fingers, strict=True)
    ]
    turn = np.deg2rad(towards)
    behind, cover, anchor = _paint(back, turn, height)
    before = _paint(fingers + nails, turn, height)
    quarter = cv2.resize(cover, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    dark = shadow(np.asarray(quarter, np.float32), 0.3, 0.012 * height, (anchor[0] // 2, anchor[1] // 2))
    size = 2 * dark.through.shape[1], 2 * dark.through.shape[0]
    through = np.asarray(cv2.resize(dark.through, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    whole = Sprite(np.zeros_like(through), through, (2 * dark.anchor[0], 2 * dark.anchor[1]))
    return Arm(sprite(behind, cover, anchor), sprite(*before), whole)


@lru_cache(maxsize=8)
def passer_by(person: int, step: int, height: int) -> Sprite:
    """Given who it is, which of four steps is taken, and the picture's height; the anchor is between the feet."""
    skin, coat = SKINS[person % len(SKINS)], SLEEVES[(person + 1) % len(SLEEVES)]
    dark: Colour = (coat[0] * 3 // 4, coat[1] * 3 // 4, coat[2] * 3 // 4)
    swing = (0.0, 0.05, 0.0, -0.05)[step]
    limbs = [
        Limb(0.0, -0.45, 0.0, -0.75, 0.17, 0.15, coat),
        Limb(0.0, -0.75, 0.0, -0.86, 0.15, 0.07, coat),
        Limb(0.01, -0.86, 0.02, -0.95, 0.045, 0.045, skin),
        Limb(0.02, -1.04, 0.03, -1.0, 0.085, 0.07, skin),
        Limb(-0.01, -1.09, 0.03, -1.1, 0.085, 0.07, (58, 42, 34)),
        Limb(-0.02, -0.8, -0.06 + swing, -0.5, 0.062, 0.052, dark),
        Limb(-0.06 + swing, -0.5, 0.02 + 2 * swing, -0.3, 0.05, 0.04, dark),
    ]
    colour, cover, anchor = _paint(limbs, 0.0, height)
    soft = 0.004 * height
    colour, cover = (np.asarray(cv2.GaussianBlur(part, (0, 0), soft), np.float32) for part in (colour, cover))
    return sprite(colour, cover, anchor)


def _paint(limbs: Sequence[Limb], turn: float, height: int) -> tuple[Floats, Floats, tuple[int, int]]:
    """Given limbs and the angle to turn them by, return colour, opacity, and where (0, 0) lies."""
    cos, sin = np.cos(turn), np.sin(turn)
    ends = [(x, y, max(limb.r0, limb.r1)) for limb in limbs for x, y in (limb[:2], limb[2:4])]
    across = [cos * x - sin * y + side * r for x, y, r in ends for side in (-1, 1)]
    down = [sin * x + cos * y + side * r for x, y, r in ends for side in (-1, 1)]
    left, top = int(height * min(across)) - 2, int(height * min(down)) - 2
    right, bottom = int(height * max(across)) + 3, int(height * max(down)) + 3
    colour: Floats = np.zeros((bottom - top, right - left, 3), np.float32)
    cover: Floats = np.zeros(colour.shape[:2], np.float32)
    for limb in limbs:
        _paint_limb(limb, (cos, sin), height, colour, cover, (left, top))
    return colour, cover, (-left, -top)


def _paint_limb(
    limb: Limb, turn: tuple[float, float], height: int, colour: Floats, cover: Floats, corner: tuple[int, int]
) -> None:
    cos, sin = turn
    (x0, y0), (x1, y1) = ((cos * x - sin * y, sin * x + cos * y) for x, y in (limb[:2], limb[2:4]))
    pad = max(limb.r0, limb.r1) + 2 / height
    columns = slice(
        max(0, int((min(x0, x1) - pad) * height) - corner[0]), int((max(x0, x1) + pad) * height) - corner[0]
    )
    rows = slice(max(0, int((min(y0, y1) - pad) * height) - corner[1]), int((max(y0, y1) + pad) * height) - corner[1])
    part, covered = colour[rows, columns], cover[rows, columns]
    x = (np.arange(part.shape[1], dtype=np.float32)[None] + columns.start + corner[0]) / height - x0
    y = (np.arange(part.shape[0], dtype=np.float32)[:, None] + rows.start + corner[1]) / height - y0
    dx, dy = x1 - x0, y1 - y0
    along = np.clip((x * dx + y * dy) / (dx * dx + dy * dy), 0, 1)
    radius = limb.r0 + (limb.r1 - limb.r0) * along
    off_x, off_y = (x - along * dx) / radius, (y - along * dy) / radius
    far = off_x**2 + off_y**2
    lit = 0.62 + 0.4 * np.sqrt(np.maximum(0, 1 - far)) - 0.16 * (0.5 * off_x + 0.85 * off_y)
    opacity = np.clip((1 - np.sqrt(far)) * radius * height + 0.5, 0, 1)[..., None]
    part[:] = part * (1 - opacity) + opacity * lit[..., None] * np.array(limb.colour, np.float32)
    covered[:] = np.maximum(covered, opacity[..., 0])
