"""Pictures of shapes with their surfaces: orthographic for round things, in perspective for cartons."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from edge.types import Image
from training.shapes import Box, Floats, Round

SCALE = 256
"""Pixels to a product's height, in surfaces and in pictures."""

LID = 40
"""Rows on top of a surface that are the lid, from its centre down to its rim."""

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Light:
    """shade: (256,) uint8, of 128 for none, by how far the surface turns from left (0) to right (255).

    gleam: (256,) uint8 added for reflections.
    """

    shade: Bytes
    gleam: Bytes


def light(rng: np.random.Generator, gloss: float) -> Light:
    """Return a random light from above and one side; gloss: strength of reflections in 0..1."""
    turn = np.linspace(-1, 1, 256)
    facing = np.sqrt(1 - turn**2)
    side = rng.uniform(-0.7, 0.7)
    ambient = rng.uniform(0.35, 0.7)
    diffuse = np.clip(turn * side + facing * np.sqrt(1 - side**2), 0, 1)
    gleam = np.zeros(256)
    for _ in range(int(rng.integers(1, 4))):
        width = rng.uniform(0.015, 0.12)
        gleam += rng.uniform(0.2, 1) * np.exp(-(((turn - rng.uniform(-0.85, 0.85)) / width) ** 2))
    shade = 128 * (ambient + (1.15 - ambient) * diffuse)
    return Light(np.clip(shade, 0, 255).astype(np.uint8), np.clip(190 * gloss * gleam, 0, 255).astype(np.uint8))


def render_round(shape: Round, surface: Bytes, yaw: float, pitch: float, light: Light) -> Bytes:
    """Given a surface (SCALE + LID, girth, 4) RGBA, return the shape seen from yaw and pitch, RGBA (h, w, 4).

    Angles in radians. Columns of the surface go around from behind; pitch >= 0 looks down on it.
    """
    half, along, depth, turn = _seen(shape.section, yaw)
    profile = shape.profile
    widest = float(profile.max())
    sin, cos = np.sin(pitch), np.cos(pitch)
    reach = float(np.abs(depth).max())
    low, high = -sin * reach * float(profile[:40].max()), cos + sin * reach * float(profile[-1])
    rows, columns = int((high - low) * SCALE) + 4, int(2 * half * widest * SCALE) + 4
    x = ((np.arange(columns, dtype=np.float32) - (columns - 1) / 2) / SCALE)[None]
    y = ((rows - 3 - np.arange(rows, dtype=np.float32)) / SCALE + np.float32(low))[:, None]

    height = np.repeat(y / cos + np.float32(widest * reach * sin / cos), columns, axis=1)
    for _ in range(4 if sin > 0.01 else 1):
        r = np.take(profile, np.clip(height * 255, 0, 255).astype(np.int32))
        place = np.clip(x / (r * (half / 127.5)) + 127.5, 0, 255).astype(np.int32)
        height = (y + np.take(depth, place) * r * np.float32(sin)) / np.float32(cos)
    r = np.take(profile, np.clip(height * 255, 0, 255).astype(np.int32))
    level = y / np.float32(cos)
    widths = np.take(profile, np.clip(level * 255, 0, 255).astype(np.int32))
    missed = (r * half < np.abs(x)) & (widths * half >= np.abs(x))  # the far side of a shoulder, seen from above
    height, r = np.where(missed, level, height), np.where(missed, widths, r)
    cover = np.minimum(r * half - np.abs(x), np.minimum(height, 1 - height)) * SCALE + 0.5
    girth = surface.shape[1]
    place = np.clip(x / (r * (half / 127.5)) + 127.5, 0, 255).astype(np.int32)
    column = np.take(along, place) * girth
    row = LID + (1 - height) * (SCALE - 1)
    bend = np.take(turn, place)
    if sin > 0.01:
        _lid(shape, yaw, sin, cos, x, y, (cover, row, column, bend))
    picture = cv2.remap(surface, np.mod(column, girth), row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    slope = np.take(np.gradient(profile) * -60, np.clip(height * 255, 0, 255).astype(np.int32))
    lit = np.take(light.shade, bend) * (1 + np.clip(slope, -0.4, 0.3))
    gleam = np.take(light.gleam, bend)
    colours = cv2.multiply(picture[:, :, :3], cv2.merge([np.clip(lit, 0, 255).astype(np.uint8)] * 3), scale=1 / 128)
    colours = cv2.add(colours, cv2.merge([gleam] * 3))
    opaque = np.maximum(picture[:, :, 3], gleam) * np.clip(cover, 0, 1)
    return np.dstack([colours, opaque.astype(np.uint8)])


def _seen(section: Floats, yaw: float) -> tuple[float, Floats, Floats, npt.NDArray[np.uint8]]:
    """What is seen of a section from this side: its half width, and at 256 places from left to right the share of the
    girth, the depth towards the viewer, and how far the surface turns from left (0) to right (255)."""
    count = len(section)
    steps = np.hypot(*np.diff(section, axis=0, append=section[:1]).T)
    share = np.concatenate([[0], np.cumsum(steps)])[:-1] / steps.sum()
    x = section[:, 0] * np.cos(yaw) + section[:, 1] * np.sin(yaw)
    z = section[:, 1] * np.cos(yaw) - section[:, 0] * np.sin(yaw)
    first, last = int(np.argmin(x)), int(np.argmax(x))
    front = np.arange(first, last + 1 if last > first else last + count + 1)
    across, towards = x[front % count], z[front % count]
    along = share[front % count] + front // count
    half = float(x[last])
    places = np.linspace(-half, half, 256)
    dx, dz = np.gradient(across), np.gradient(towards)
    turn = np.interp(places, across, 127.5 - 127.5 * dz / np.maximum(np.hypot(dx, dz), 1e-6))
    depth = np.interp(places, across, towards).astype(np.float32)
    return half, np.interp(places, across, along).astype(np.float32), depth, turn.astype(np.uint8)


def _lid(shape: Round, yaw: float, sin: float, cos: float, x: Floats, y: Floats, maps: tuple) -> None:
    """Write the top's disc into the maps (cover, row, column, bend) in place."""
    rim = float(shape.profile[-1])
    z = (np.float32(cos) - y) / np.float32(sin)
    around, away = x * np.cos(yaw) - z * np.sin(yaw), x * np.sin(yaw) + z * np.cos(yaw)
    flat = float(np.abs(shape.section[:, 1]).max())
    square = 2.0 if abs(np.hypot(*shape.section[30]) - 1) < 0.02 or flat < 1 else 4.0
    radius = (np.abs(around) ** square + np.abs(away / flat) ** square) ** np.float32(1 / square) / rim
    cover, row, column, bend = maps
    inside = radius < 1
    angle = np.arctan2(around, away / flat) / (2 * np.pi) + 0.5
    np.copyto(cover, (1 - radius) * rim * SCALE * sin + 1, where=inside)
    np.copyto(row, radius * (LID - 1), where=inside)
    np.copyto(column, angle * (column.max() if column.size else 1), where=inside)
    np.copyto(bend, np.uint8(127), where=inside)


def render_box(
    box: Box, faces: dict[str, Image], cap: tuple[int, int, int], yaw: float, pitch: float, lit: Light
) -> Bytes:
    """Given the pictures of its faces, return the carton seen from yaw and pitch in radians, RGBA (h, w, 4)."""
    view = _Camera(box, yaw, pitch)
    canvas = np.zeros((view.size[1], view.size[0], 4), np.uint8)
    for name, corners in _corners(box).items():
        seen = view.project(corners)
        if name != "fin" and cv2.contourArea(seen, oriented=True) <= 0:
            continue
        normal = np.cross(corners[1] - corners[0], corners[3] - corners[0])
        across = float((view.rotation @ normal)[0] / max(np.linalg.norm(normal), 1e-9))
        shade = float(lit.shade[round(127.5 + 127 * across)]) / 128
        face = cv2.convertScaleAbs(faces[name], alpha=shade * (1.1 if name in ("top", "slope") else 1))
        _lay(canvas, face, seen)
    if box.cap:
        _screw_cap(canvas, box, view, cap)
    return canvas


class _Camera:
    """Perspective onto a carton, and the size of the picture that holds it."""

    def __init__(self, box: Box, yaw: float, pitch: float) -> None:
        cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
        turned = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        self.rotation = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]]) @ turned
        self.offset = np.zeros(2)
        w, d = box.width / 2, box.depth / 2
        outline = self.project(np.array([[x, y, z] for x in (-w, w) for y in (0, 1.03) for z in (-d, d)]))
        low, high = outline.min(0) - 2, outline.max(0) + 2
        self.offset = low
        self.size = tuple(int(n) for n in np.ceil(high - low))

    def project(self, points: npt.NDArray[np.float64]) -> Floats:
        """(n, 3) points in heights to (n, 2) pixels."""
        seen = (points - [0, 0.5, 0]) @ self.rotation.T
        near = SCALE * 5 / (5 - seen[:, 2])
        return (np.stack([seen[:, 0] * near, -seen[:, 1] * near], 1) - self.offset).astype(np.float32)


def _corners(box: Box) -> dict[str, npt.NDArray[np.float64]]:
    """Each face's corners: top left, top right, bottom right, bottom left, as seen from outside."""
    w, d, h = box.width / 2, box.depth / 2, box.body
    base = {"front": (-w, d, w, d), "right": (w, d, w, -d), "back": (w, -d, -w, -d), "left": (-w, -d, -w, d)}
    faces = {k: np.array([[a, h, b], [e, h, f], [e, 0, f], [a, 0, b]]) for k, (a, b, e, f) in base.items()}
    if h == 1:
        faces["top"] = np.array([[-w, 1, -d], [w, 1, -d], [w, 1, d], [-w, 1, d]])
        return faces
    if box.kind == "slant":
        faces["slope"] = np.array([[-w, 1, -d], [w, 1, -d], [w, h, d], [-w, h, d]])
        faces["back"][:2, 1] = 1
        faces["right"][1, 1] = faces["left"][0, 1] = 1
        return faces
    ridge = h + 0.7 * (1 - h)
    e = 0.02 * w
    faces["gable right"] = np.array([[w, ridge, e], [w, ridge, -e], [w, h, -d], [w, h, d]])
    faces["gable left"] = np.array([[-w, ridge, -e], [-w, ridge, e], [-w, h, d], [-w, h, -d]])
    faces["back slope"] = np.array([[w, ridge, 0], [-w, ridge, 0], [-w, h, -d], [w, h, -d]])
    faces["slope"] = np.array([[-w, ridge, 0], [w, ridge, 0], [w, h, d], [-w, h, d]])
    faces["fin"] = np.array([[-w, 1, 0], [w, 1, 0], [w, ridge, 0], [-w, ridge, 0]])
    return faces


def _lay(canvas: Bytes, face: Image, corners: Floats) -> None:
    height, width = face.shape[:2]
    source = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    opaque = np.dstack([face, np.full((height, width), 255, np.uint8)])
    low, high = np.floor(corners.min(0)).astype(int), np.ceil(corners.max(0)).astype(int)
    low, high = np.maximum(low, 0), np.minimum(high, canvas.shape[1::-1])
    if (high <= low).any():
        return
    part = canvas[low[1] : high[1], low[0] : high[0]]
    transform = cv2.getPerspectiveTransform(source, corners - low.astype(np.float32))
    drawn = cv2.warpPerspective(opaque, transform, (part.shape[1], part.shape[0]), flags=cv2.INTER_LINEAR)
    np.copyto(part, drawn, where=drawn[:, :, 3:] > 127)


def _screw_cap(canvas: Bytes, box: Box, view: _Camera, colour: tuple[int, int, int]) -> None:
    """A short cylinder on the slope, or on the top towards the back."""
    corners = _corners(box)
    face = corners["slope" if "slope" in corners else "top"]
    across, up = face[1] - face[0], face[0] - face[3]
    normal = np.cross(across, up)
    normal = normal / np.linalg.norm(normal)
    centre = face.mean(0) + (0 if box.body < 1 else 0.15) * up
    radius = 0.17 * box.width
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)[:, None]
    ring = radius * (np.cos(angle) * across / np.linalg.norm(across) + np.sin(angle) * up / np.linalg.norm(up))
    low, high = view.project(centre + ring), view.project(centre + ring + 0.35 * radius * normal)
    dark = [round(0.7 * c) for c in colour]
    cv2.fillConvexPoly(canvas, cv2.convexHull(np.int32(np.vstack([low, high]))), (*dark, 255), cv2.LINE_AA)
    cv2.fillConvexPoly(canvas, np.int32(high), (*colour, 255), cv2.LINE_AA)
