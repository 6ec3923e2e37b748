"""Products that do not exist: bottles, cans, jars and cartons with their labels, seen from all sides.

A number is a product; the same number always looks the same, whatever the side and the light. Products come in
threes, of which half are flavours of one brand. Held-out products have shapes, typefaces and drawings of their own.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from edge.types import Image
from training import labels
from training.artwork import Colour
from training.backgrounds import background
from training.labels import Design
from training.render import LID, SCALE, Bytes, light, render_box, render_round
from training.shapes import METAL, TRANSPARENT, Box, Round, shape

FLAVOURS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """A shape and what covers it: an RGBA surface all around, or a picture for each face. gloss in 0..1."""

    shape: Round | Box
    surface: Bytes | None
    faces: dict[str, Image]
    cap: Colour
    gloss: float


def view(number: int, rng: np.random.Generator, held_out: bool = False) -> Image:
    """Return a picture of a product, RGB (h, w, 3) uint8 of 100 to 340 pixels a side, from a random side and distance,
    in random light, before a random background."""
    item = product(number, held_out)
    yaw, pitch = rng.uniform(-np.pi, np.pi), np.radians(max(0.0, rng.uniform(-8, 32)))
    if rng.random() < 0.5:
        yaw = rng.normal(0, 0.5)
    lit = light(rng, item.gloss * rng.uniform(0.3, 1))
    if isinstance(item.shape, Box):
        cutout = render_box(item.shape, item.faces, item.cap, yaw, pitch, lit)
    else:
        assert item.surface is not None
        cutout = render_round(item.shape, item.surface, yaw, pitch, lit)
    return _place(cutout, rng)


@lru_cache(maxsize=256)
def product(number: int, held_out: bool = False) -> Product:
    """Return what a product is. Raise ValueError if its number is negative."""
    if number < 0:
        raise ValueError(f"product {number}: expected a number of at least 0")
    family = np.random.default_rng((int(held_out), number // FLAVOURS, 0))
    own = np.random.default_rng((int(held_out), number, 1))
    if family.random() < 0.5:
        rng, design = family, labels.design(family, held_out)
        if number % FLAVOURS:
            design = labels.flavoured(design, own)
    else:
        rng, design = own, labels.design(own, held_out)
    form = shape(rng, held_out)
    cap = design.accent if rng.random() < 0.4 else labels.colour(rng, (0, 1), (0.1, 1))
    if isinstance(form, Box):
        return Product(form, None, _faces(form, design), cap, rng.uniform(0, 0.3))
    return Product(form, _surface(form, design, cap, rng), {}, cap, rng.uniform(0.3, 1))


def _surface(form: Round, design: Design, cap: Colour, rng: np.random.Generator) -> Bytes:
    """The RGBA surface (LID + SCALE, girth, 4): the lid from its centre to its rim, then from top to bottom."""
    girth = round(form.girth * SCALE)
    surface = np.zeros((LID + SCALE, girth, 4), np.uint8)
    body, opacity = _body(form, design, rng)
    surface[:, :] = (*body, opacity)
    if opacity < 255:
        level = LID + round(SCALE * (1 - form.label[1] - rng.uniform(0.02, 0.25)))
        liquid = design.accent if rng.random() < 0.3 else labels.colour(rng, (0, 1), (0.2, 1))
        surface[level:] = (*liquid, int(rng.integers(60, 250)))
    rows = [LID + round(SCALE * (1 - height)) for height in (form.label[1], form.label[0])]
    width = girth if form.kind in METAL or rng.random() < 0.5 else round(girth * rng.uniform(0.3, 0.45))
    span = (girth - width) // 2
    panel = round(min(width, 0.4 * girth))
    front = (width - panel) // 2, (width + panel) // 2
    side = round((0.2 if width == girth else 0.15) * girth)
    backs = [(2, side), (width - side, width - 2)] if width == girth else []
    label = labels.draw(design, rows[1] - rows[0], width, front, backs)
    surface[rows[0] : rows[1], span : span + width] = np.dstack([label, np.full(label.shape[:2], 255, np.uint8)])
    if width < girth:
        back = labels.draw_back(design, rows[1] - rows[0], 2 * side)
        surface[rows[0] : rows[1], :side, :3], surface[rows[0] : rows[1], -side:, :3] = back[:, side:], back[:, :side]
        surface[rows[0] : rows[1], :side, 3] = surface[rows[0] : rows[1], -side:, 3] = 255
    if form.cap < 1:
        edge = LID + round(SCALE * (1 - form.cap))
        surface[:edge] = (*cap, 255)
        if rng.random() < 0.6:
            surface[LID:edge, ::4, :3] = np.uint8(np.multiply(cap, 0.75))
        surface[edge - 1, :, :3] = np.uint8(np.multiply(cap, 0.5))
    elif form.kind in METAL:
        surface[: LID - 8 : 9, :, :3] = 150
        surface[12 : LID - 4, girth // 2 - girth // 12 : girth // 2 + girth // 12, :3] = 120
    return surface


def _body(form: Round, design: Design, rng: np.random.Generator) -> tuple[Colour, int]:
    """Colour and opacity of what is not label, cap or liquid."""
    if form.kind in METAL:
        return (185, 185, 190), 255
    if form.kind in TRANSPARENT and rng.random() < 0.85:
        glass: list[Colour] = [(225, 235, 235), (225, 235, 235), (90, 140, 70), (110, 65, 25), (150, 200, 235)]
        return glass[rng.integers(len(glass))], int(rng.integers(50, 170))
    if rng.random() < 0.5:
        return labels.colour(rng, (0, 0.1), (0.85, 1)), 255
    return (design.ground if rng.random() < 0.5 else labels.colour(rng, (0, 1), (0.1, 1))), 255


def _faces(box: Box, design: Design) -> dict[str, Image]:
    """Front, sides and back from one wrapping, the rest from its colours."""
    width, depth, height = (round(SCALE * side) for side in (box.width, box.depth, box.body))
    edges = np.cumsum([0, depth, width, depth, width])
    spans = {name: (int(edges[i]), int(edges[i + 1])) for i, name in enumerate(("left", "front", "right", "back"))}
    wrapping = labels.draw(
        design, height, int(edges[-1]), spans["front"], [spans["back"], spans["left"], spans["right"]]
    )
    faces = {name: np.ascontiguousarray(wrapping[:, a:b]) for name, (a, b) in spans.items()}
    plain = np.full((8, 8, 3), design.ground, np.uint8)
    for name in ("top", "slope", "back slope", "gable left", "gable right", "fin"):
        faces[name] = plain
    return faces


def _place(cutout: Bytes, rng: np.random.Generator) -> Image:
    """Turn and tilt a cut-out a little, and put it before a background with a margin around."""
    high, wide = cutout.shape[:2]
    scale = rng.uniform(0.6, 1) * 256 / max(high, wide)
    roll = np.radians(np.clip(rng.normal(0, 4), -10, 10))
    c, s = scale * np.cos(roll), scale * np.sin(roll)
    corners = np.float32([[0, 0], [wide, 0], [wide, high], [0, high]])
    seen = (corners - [wide / 2, high / 2]) @ np.float32([[c, s], [-s, c]])
    seen *= 1 + rng.uniform(-0.03, 0.03) * np.float32([[-1], [-1], [1], [1]])
    low, high_ = seen.min(0), seen.max(0)
    margin = rng.uniform(0.01, 0.12, (2, 2)) * float(max(high_ - low))
    size = np.ceil(high_ - low + margin.sum(0)).astype(int)
    transform = cv2.getPerspectiveTransform(corners, (seen - low + margin[0]).astype(np.float32))
    width, height = int(size[0]), int(size[1])
    drawn = cv2.warpPerspective(cutout, transform, (width, height), flags=cv2.INTER_LINEAR)
    opaque = drawn[:, :, 3:].astype(np.float32) / 255
    behind = background(rng, height, width).astype(np.float32)
    return (behind + opaque * (drawn[:, :, :3] - behind)).astype(np.uint8)
