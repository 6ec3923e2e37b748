"""What is in view at one moment, and the picture of it, before light, lens and sensor.

All lengths are parts of the picture's height: x grows to the right from its left border, y down from its top.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import cv2
import numpy as np

from edge.cameras.simulated.lathe import STEP, TILT, standing, thrown
from edge.cameras.simulated.people import arm, passer_by
from edge.cameras.simulated.products import Product
from edge.cameras.simulated.room import FAR_EDGE, draw_room
from edge.cameras.simulated.sprites import Floats, lay, mirrored
from edge.types import Image

MARGIN = 0.07
"""Of the room beyond the picture's borders, for when the camera is bumped."""


@dataclass(slots=True, eq=False)
class Prop:
    """A product on the table: where its foot is, the side it turns to the camera (radians), how high it is lifted."""

    product: Product
    x: float
    y: float
    side: float = 0.0
    lift: float = 0.0

    @property
    def outline(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of what is seen of it."""
        tall, profile = self.product.height, self.product.profile
        wide = tall * max(radius for _, radius in profile)
        above, below = TILT * tall * profile[0][1], TILT * tall * profile[-1][1]
        return self.x - wide, self.y - self.lift - tall - above, 2 * wide, tall + above + below


class Hand(NamedTuple):
    """A hand that grips at (x, y), holding something or not; see `people.arm`."""

    x: float
    y: float
    towards: int
    person: int
    held: Prop | None


class Walker(NamedTuple):
    """Somebody behind the table, at x; see `people.passer_by`."""

    x: float
    person: int
    step: int


class Shade(NamedTuple):
    """A band of shadow across everything: its middle at mid-height, half its width, its lean, softness and depth."""

    x: float
    half: float
    lean: float
    soft: float
    depth: float


class Viewpoint(NamedTuple):
    """Where the camera was pushed: to the right and down, and turned, in degrees."""

    right: float = 0.0
    down: float = 0.0
    degrees: float = 0.0


@dataclass(slots=True)
class Stage:
    """All that is in view. light: gains of red, green, blue. lamp: how much brighter it is on the right than left."""

    props: list[Prop] = field(default_factory=list)
    hands: list[Hand] = field(default_factory=list)
    walkers: list[Walker] = field(default_factory=list)
    shades: list[Shade] = field(default_factory=list)
    light: tuple[float, float, float] = (1.0, 1.0, 1.0)
    lamp: float = 0.0
    view: Viewpoint = Viewpoint()

    def clear(self) -> None:
        """Take away what is only passing."""
        self.hands.clear()
        self.walkers.clear()
        self.shades.clear()


class Painter:
    """Draws a stage, in its room, at one size."""

    def __init__(self, width: int, height: int, rng: np.random.Generator, gloss: float = 0.0) -> None:
        """Given the size of the picture and the chance by which its room is furnished, draw the room.

        gloss: part of its light that the table mirrors, in [0, 1).
        """
        self._gloss = gloss
        self._size, self._margin = (width, height), round(MARGIN * height)
        wide, tall = width + 2 * self._margin, height + 2 * self._margin
        self._edge = self._margin + round(FAR_EDGE * height)
        self._room = draw_room(wide, tall, self._edge, rng)
        self._kept: tuple[object, Image] | None = None

    def paint(self, stage: Stage) -> Image:
        """Given a stage, return the picture of it, (height, width, 3); do not write to it."""
        rests = not stage.hands and not stage.walkers
        key = stage.view, [(prop.product, prop.x, prop.y, prop.side) for prop in stage.props]
        if rests and self._kept and self._kept[0] == key:
            return self._kept[1]
        canvas = self._room.copy()
        for walker in stage.walkers:
            figure = passer_by(walker.person, walker.step, self._size[1])
            lay(canvas, figure, *self._at(walker.x, 1.0), rows=self._edge)
        self._paint_props(canvas, stage)
        picture = self._seen(canvas, stage.view)
        self._kept = (key, picture) if rests else None
        return picture

    def _paint_props(self, canvas: Image, stage: Stage) -> None:
        height = self._size[1]
        arms = [(hand, arm(hand.towards, hand.person, height), self._at(hand.x, hand.y)) for hand in stage.hands]
        for hand, drawn, (x, y) in arms:
            away = 0.04 + 0.5 * max(0.0, 0.9 - hand.y - 0.25)
            lay(canvas, drawn.shadow, x + round(away * height), y + round(0.6 * away * height))
        props = sorted(stage.props, key=lambda prop: prop.y)
        for prop in props:
            lay(canvas, thrown(prop.product, height, round(prop.lift * height / 4) * 4), *self._at(prop.x, prop.y))
        for prop in props if self._gloss else ():
            solid = standing(prop.product, height, round(prop.side / STEP) % round(2 * np.pi / STEP))
            lay(canvas, mirrored(solid, self._gloss), *self._at(prop.x, prop.y + prop.lift))
        for prop in props:
            held = [(drawn, place) for hand, drawn, place in arms if hand.held is prop]
            for drawn, place in held:
                lay(canvas, drawn.behind, *place)
            solid = standing(prop.product, height, round(prop.side / STEP) % round(2 * np.pi / STEP))
            lay(canvas, solid, *self._at(prop.x, prop.y - prop.lift))
            for drawn, place in held:
                lay(canvas, drawn.before, *place)
        for hand, drawn, place in arms:
            if hand.held is None:
                lay(canvas, drawn.behind, *place)
                lay(canvas, drawn.before, *place)

    def _at(self, x: float, y: float) -> tuple[int, int]:
        return self._margin + round(x * self._size[1]), self._margin + round(y * self._size[1])

    def _seen(self, canvas: Image, view: Viewpoint) -> Image:
        (width, height), margin = self._size, self._margin
        if view == Viewpoint():
            return canvas[margin : margin + height, margin : margin + width]
        warp = cv2.getRotationMatrix2D((margin + width / 2, margin + height / 2), view.degrees, 1)
        warp[:, 2] += np.array((view.right * height - margin, view.down * height - margin))
        return np.asarray(cv2.warpAffine(canvas, warp, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)


def shading(stage: Stage, width: int, height: int) -> Floats | None:
    """Given a stage, return the gain of each pixel, (height, width) float32, or None where it is the same for all."""
    if not stage.shades and not stage.lamp:
        return None
    x = np.linspace(0, width / height, width, dtype=np.float32)
    gain: Floats = np.broadcast_to(1 + stage.lamp * (x * height / width - 0.5), (height, width)).astype(np.float32)
    for shade in stage.shades:
        lean = shade.lean * (np.arange(height, dtype=np.float32)[:, None] / height - 0.5)
        far = (np.abs(x[None] - shade.x - lean) - shade.half) / shade.soft
        gain *= 1 - shade.depth * np.clip(0.5 - far / 2, 0, 1)
    return gain
