"""What product a number is, and views of it.

The same number is always the same product, whatever the side and the light. Products come in threes, of which half
are flavours of one brand. Held-out products have shapes, typefaces and drawings of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from edge.types import Image
from training.data.made_up import carton, labels, vessel
from training.data.made_up.artwork import Colour
from training.data.made_up.labels import Design
from training.data.made_up.light import Bytes, Light, light
from training.data.made_up.scene import place
from training.data.made_up.shapes import METAL, TRANSPARENT, Carton, Vessel, shape
from training.data.made_up.vessel import LID, SCALE

FLAVOURS = 3

SHELF = 64
"""Products that stand behind others on shelves: the first ones."""

STEEP = np.radians(32)
"""Pitch or roll from which on a product does not stand on a shelf before the camera."""

GLASS: tuple[Colour, ...] = ((225, 235, 235), (225, 235, 235), (90, 140, 70), (110, 65, 25), (150, 200, 235))


@dataclass(frozen=True, slots=True)
class Product:
    """seen: what it looks like from yaw and pitch, in radians, in a light: a cut-out RGBA (h, w, 4). gloss: in 0..1."""

    shape: Vessel | Carton
    seen: Callable[[float, float, Light], Bytes]
    gloss: float


def view(number: int, rng: np.random.Generator, held_out: bool = False) -> Image:
    """Return a picture of a product, RGB (h, w, 3) uint8 of 100 to 340 pixels on its longer side.

    Pose, distance, light and background are random; half of the views are more or less from in front. Raise ValueError
    if the number is negative.
    """
    item = product(number, held_out)
    yaw, pitch, roll = _pose(rng)
    stands = pitch < STEEP and abs(roll) < STEEP
    neighbours = []
    if stands and rng.random() < 0.2:
        neighbours = [_neighbour(int(other), held_out) for other in rng.integers(0, SHELF, 3)]
    return place(item.seen(yaw, pitch, light(rng, item.gloss * rng.uniform(0.3, 1))), roll, rng, neighbours)


def _pose(rng: np.random.Generator) -> tuple[float, float, float]:
    """Yaw, pitch and roll in radians: six in ten stand before the camera, two are seen from above, two lie."""
    yaw = rng.normal(0, 0.5) if rng.random() < 0.5 else rng.uniform(-np.pi, np.pi)
    pitch, roll = max(0.0, rng.uniform(-8, 32)), np.clip(rng.normal(0, 4), -10, 10)
    kind = rng.random()
    if kind < 0.2:
        pitch = rng.uniform(32, 65)
    elif kind < 0.4:
        roll = rng.uniform(-180, 180)
    return yaw, np.radians(pitch), np.radians(roll)


@lru_cache(maxsize=SHELF)
def _neighbour(number: int, held_out: bool) -> Bytes:
    """A cut-out of a product as it stands on a shelf: from in front."""
    rng = np.random.default_rng(number)
    item = product(number, held_out)
    return item.seen(rng.normal(0, 0.2), np.radians(rng.uniform(0, 10)), light(rng, item.gloss))


@lru_cache(maxsize=512)
def product(number: int, held_out: bool = False) -> Product:
    """Return what product a number is. Raise ValueError if it is negative."""
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
    if isinstance(form, Carton):
        return Product(form, partial(carton.render, form, _faces(form, design), cap), rng.uniform(0, 0.3))
    return Product(form, partial(vessel.render, form, _surface(form, design, cap, rng)), rng.uniform(0.3, 1))


def _faces(form: Carton, design: Design) -> dict[str, Image]:
    """Front, sides and back from one wrapping, the rest in the ground's colour."""
    width, depth, height = (round(SCALE * side) for side in (form.width, form.depth, form.body))
    edges = [int(edge) for edge in np.cumsum([0, depth, width, depth, width])]
    left, front, right, back = zip(edges[:-1], edges[1:], strict=True)
    wrapping = labels.draw(design, height, edges[-1], front, [back, left, right])
    spans = {"left": left, "front": front, "right": right, "back": back}
    faces = {name: np.ascontiguousarray(wrapping[:, start:end]) for name, (start, end) in spans.items()}
    plain = np.full((8, 8, 3), design.ground, np.uint8)
    return faces | dict.fromkeys(("top", "slope", "back slope", "gable left", "gable right", "fin"), plain)


def _surface(form: Vessel, design: Design, cap: Colour, rng: np.random.Generator) -> Bytes:
    """The RGBA surface (LID + SCALE, girth, 4): the lid from its centre to its rim, then from top to bottom."""
    surface = np.zeros((LID + SCALE, round(form.girth * SCALE), 4), np.uint8)
    body, opacity = _body(form, design, rng)
    surface[:] = (*body, opacity)
    if opacity < 255:
        level = LID + round(SCALE * (1 - form.label[1] - rng.uniform(0.02, 0.25)))
        liquid = design.accent if rng.random() < 0.3 else labels.colour(rng, (0, 1), (0.2, 1))
        surface[level:] = (*liquid, int(rng.integers(60, 250)))
    top, bottom = (LID + round(SCALE * (1 - height)) for height in (form.label[1], form.label[0]))
    if form.kind in METAL or rng.random() < 0.5:
        _wrap(surface[top:bottom], design, twice=form.kind in METAL and rng.random() < 0.6)
    else:
        _stick(surface[top:bottom], design, rng.uniform(0.3, 0.45))
    if form.cap < 1:
        _cap(surface[: LID + round(SCALE * (1 - form.cap))], cap, ribbed=rng.random() < 0.6)
    elif form.kind in METAL:
        middle, half = surface.shape[1] // 2, surface.shape[1] // 12
        surface[: LID - 8 : 9, :, :3] = 150
        surface[12 : LID - 4, middle - half : middle + half, :3] = 120
    return surface


def _body(form: Vessel, design: Design, rng: np.random.Generator) -> tuple[Colour, int]:
    """Colour and opacity of what is not label, cap or liquid."""
    if form.kind in METAL:
        return (185, 185, 190), 255
    if form.kind in TRANSPARENT and rng.random() < 0.85:
        return GLASS[rng.integers(len(GLASS))], int(rng.integers(50, 170))
    if rng.random() < 0.5:
        return labels.colour(rng, (0, 0.1), (0.85, 1)), 255
    return (design.ground if rng.random() < 0.5 else labels.colour(rng, (0, 1), (0.1, 1))), 255


def _wrap(rows: Bytes, design: Design, twice: bool) -> None:
    """Lay a label all around onto these rows of a surface; twice: its front is on two sides, as on most cans."""
    height, girth = rows.shape[:2]
    if twice:
        half = girth // 2
        label = labels.draw(design, height, half, (round(0.12 * half), round(0.76 * half)), [(round(0.8 * half), half)])
        rows[:, :, :3] = label[:, np.arange(girth) % half]
    else:
        side, front = round(0.2 * girth), (round(0.3 * girth), round(0.7 * girth))
        rows[:, :, :3] = labels.draw(design, height, girth, front, [(2, side), (girth - side, girth - 2)])
    rows[:, :, 3] = 255


def _stick(rows: Bytes, design: Design, share: float) -> None:
    """Lay a label over this share of the front, and one on the back, onto these rows of a surface."""
    height, girth = rows.shape[:2]
    start, end = round((0.5 - share / 2) * girth), round((0.5 + share / 2) * girth)
    rows[:, start:end, :3] = labels.draw(design, height, end - start, (0, end - start), [])
    half = round(0.15 * girth)
    back = labels.draw_back(design, height, 2 * half)
    rows[:, :half, :3], rows[:, -half:, :3] = back[:, half:], back[:, :half]
    rows[:, start:end, 3] = rows[:, :half, 3] = rows[:, -half:, 3] = 255


def _cap(rows: Bytes, cap: Colour, ribbed: bool) -> None:
    """Paint the first rows of a surface as a cap, darker at its lower edge."""
    rows[:] = (*cap, 255)
    if ribbed:
        rows[LID:, ::4, :3] = np.multiply(cap, 0.75)
    rows[-1, :, :3] = np.multiply(cap, 0.5)
