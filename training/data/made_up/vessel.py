"""Pictures of vessels, orthographic, from any side and from above.

A point of the surface at height h and depth z (towards the viewer) is seen at y = h cos(pitch) - z sin(pitch). For each
pixel, h is found by iteration from above, so that a lid hides what is under its rim.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from training.data.made_up.light import Bytes, Light
from training.data.made_up.shapes import Floats, Vessel

SCALE = 256
"""Pixels to a vessel's height, of its surface and of its picture."""

LID = 40
"""Rows at the top of a surface that are the lid, from its centre to its rim."""

_ITERATIONS = 4


@dataclass(slots=True)
class _Maps:
    """For each pixel (h, w): cover (how far it is inside, in pixels), row and column of the surface, and how far that
    turns from left (0) to right (255)."""

    cover: Floats
    row: Floats
    column: Floats
    turn: Bytes


@dataclass(frozen=True, slots=True)
class _Side:
    """A section of half width 1, turned: its half width now, and at 256 places from left to right, the share of the
    girth, the depth and the turn of what is seen."""

    half: float
    share: Floats
    depth: Floats
    turn: Bytes


def render(shape: Vessel, surface: Bytes, yaw: float, pitch: float, light: Light) -> Bytes:
    """Given a surface (LID + SCALE, girth, 4) RGBA, return the vessel as a cut-out, RGBA (h, w, 4).

    Angles in radians. Columns of the surface go around from behind; pitch >= 0 looks down on it.
    """
    side = _side(shape.section, yaw)
    sin, cos = np.float32(np.sin(pitch)), np.float32(np.cos(pitch))
    reach = float(side.depth.max())
    low, high = -sin * reach * shape.profile[:40].max(), cos + sin * reach * shape.profile[-1]
    rows, columns = int((high - low) * SCALE) + 4, int(2 * side.half * shape.profile.max() * SCALE) + 4
    x = ((np.arange(columns, dtype=np.float32) - np.float32((columns - 1) / 2)) / SCALE)[None]
    y = ((rows - 3 - np.arange(rows, dtype=np.float32)) / SCALE + np.float32(low))[:, None]

    height, radius = _heights(shape, side, x, y, sin, cos)
    place = _place(x, radius, side)
    girth = surface.shape[1]
    maps = _Maps(
        cover=np.minimum(radius * side.half - np.abs(x), np.minimum(height, 1 - height)) * SCALE + 0.5,
        row=LID + (1 - height) * (SCALE - 1),
        column=side.share[place] * girth,
        turn=side.turn[place],
    )
    if sin > 0.01:
        _lid(shape, yaw, sin, cos, x, y, girth, maps)
    picture = cv2.remap(surface, np.mod(maps.column, girth), maps.row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    upwards = np.clip(np.gradient(shape.profile) * -60, -0.4, 0.3)
    shade = light.shade[maps.turn] * (1 + _at(upwards, height))
    gleam = light.gleam[maps.turn]
    colours = cv2.multiply(picture[:, :, :3], cv2.merge([np.clip(shade, 0, 255).astype(np.uint8)] * 3), scale=1 / 128)
    colours = cv2.add(colours, cv2.merge([gleam] * 3))
    opaque = np.maximum(picture[:, :, 3], gleam) * np.clip(maps.cover, 0, 1)
    return np.dstack([colours, opaque.astype(np.uint8)])


def _heights(
    shape: Vessel, side: _Side, x: Floats, y: Floats, sin: np.float32, cos: np.float32
) -> tuple[Floats, Floats]:
    """The height seen at each pixel, outside of 0..1 where there is nothing, and the half width there."""
    if sin <= 0.01:
        height = np.repeat(y / cos, x.shape[1], axis=1)
        return height, _at(shape.profile, height)
    highest = shape.profile.max() * side.depth.max() * sin
    height = np.repeat((y + highest) / cos, x.shape[1], axis=1)
    for _ in range(_ITERATIONS):
        radius = _at(shape.profile, height)
        height = (y + side.depth[_place(x, radius, side)] * radius * sin) / cos
    radius = _at(shape.profile, height)
    level = y / cos
    outline = _at(shape.profile, level)
    behind = (radius * side.half < np.abs(x)) & (outline * side.half >= np.abs(x))  # of a shoulder, seen from above
    return np.where(behind, level, height), np.where(behind, outline, radius)


def _at(table: Floats, share: Floats) -> Floats:
    """The table's values at these shares of its length."""
    return table[np.clip(share * (len(table) - 1), 0, len(table) - 1).astype(np.int32)]


def _place(x: Floats, radius: Floats, side: _Side) -> npt.NDArray[np.int32]:
    return np.clip(x / (radius * np.float32(side.half / 127.5)) + np.float32(127.5), 0, 255).astype(np.int32)


def _side(section: Floats, yaw: float) -> _Side:
    count = len(section)
    x = section[:, 0] * np.cos(yaw) + section[:, 1] * np.sin(yaw)
    z = section[:, 1] * np.cos(yaw) - section[:, 0] * np.sin(yaw)
    first, last = int(np.argmin(x)), int(np.argmax(x))
    front = np.arange(first, last + 1 if last > first else last + count + 1)
    across, towards = x[front % count], z[front % count]
    around = _shares(section)[front % count] + front // count
    half = float(x[last])
    places = np.linspace(-half, half, 256)
    dx, dz = np.gradient(across), np.gradient(towards)
    turn = np.interp(places, across, 127.5 - 127.5 * dz / np.maximum(np.hypot(dx, dz), 1e-6))
    share, depth = (np.interp(places, across, values).astype(np.float32) for values in (around, towards))
    return _Side(half, share, depth, turn.astype(np.uint8))


def _shares(section: Floats) -> Floats:
    """The share of the girth at each of a section's points, from behind."""
    steps = np.hypot(*np.diff(section, axis=0, append=section[:1]).T)
    shares: Floats = np.concatenate([[0], np.cumsum(steps[:-1])]) / steps.sum()
    return shares


def _lid(
    shape: Vessel, yaw: float, sin: np.float32, cos: np.float32, x: Floats, y: Floats, girth: int, maps: _Maps
) -> None:
    """Write the top's disc into the first rows of the maps, in place."""
    section, rim = shape.section, shape.profile[-1]
    rows = int(np.count_nonzero(y > cos - rim * sin))
    depth = (cos - y[:rows]) / sin
    across, away = x * np.cos(yaw) - depth * np.sin(yaw), x * np.sin(yaw) + depth * np.cos(yaw)
    angle, angles = (np.arctan2(a, b) / (2 * np.pi) + 0.5 for a, b in ((across, away), section.T))
    even = np.linspace(0, 1, 256)
    radius = np.hypot(across, away) / (rim * _at(np.interp(even, angles, np.hypot(*section.T)), angle))
    inside = radius < 1
    part = slice(0, rows)
    np.copyto(maps.cover[part], (1 - radius) * rim * SCALE * sin + 1, where=inside)
    np.copyto(maps.row[part], radius * (LID - 1), where=inside)
    np.copyto(maps.column[part], _at(np.interp(even, angles, _shares(section)), angle) * girth, where=inside)
    np.copyto(maps.turn[part], np.uint8(127), where=inside)
