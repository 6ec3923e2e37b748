"""A camera before a scene that is drawn: the same seed gives the same pictures, and it knows what happens in them.

What it sees goes through a lens and a sensor: light that drifts and flickers, automatic exposure that is slow and
never quite right, noise.
"""

from collections.abc import Iterator
from typing import Literal

import cv2
import numpy as np

from edge.cameras.simulated.acts import Act, Reach
from edge.cameras.simulated.products import Product
from edge.cameras.simulated.scripts import Scene, Script, random_scene
from edge.cameras.simulated.sprites import Floats
from edge.cameras.simulated.stage import Painter, Prop, Stage, shading
from edge.cameras.simulated.truth import Deed
from edge.types import Box, Frame, Image

AFTER = 3.0
"""Seconds for which a scene that ends goes on after its last act."""

EXPOSES = 1.5
"""Seconds, the time constant of automatic exposure."""

GRAINS = 5
"""Pictures of noise that are drawn once and then shifted about."""


class SimulatedCamera:
    """Implements `Camera`. truth: what has happened up to the last frame, in the order in which it was done."""

    live = False

    def __init__(self, width: int, height: int, fps: float, seed: int, scene: Scene = random_scene) -> None:
        """Given the frames' size in pixels and their number a second, draw the scene that a seed makes of a script."""
        self.size = width, height
        self.truth: list[Deed] = []
        self._fps = fps
        room, sensor, happens = (np.random.default_rng([seed, part]) for part in range(3))
        self._painter = Painter(width, height, room)
        self._script: Script = scene(width / height, happens)
        self._stage = Stage(props=list(self._script.props))
        self._sensor = _Sensor(width, height, sensor)
        self._visits: dict[Prop, tuple[int, Box]] = {}
        self._closed = False

    def __iter__(self) -> Iterator[Frame]:
        pending = next(self._script.acts, None)
        active: list[Act] = []
        index, last = 0, 0.0
        while not self._closed:
            t = index / self._fps
            self._stage.clear()
            while pending and pending.start <= t:
                active.append(pending)
                self._begin(pending)
                pending = next(self._script.acts, None)
            for act in active:
                act.play(self._stage, min(t, act.end))
            for act in [act for act in active if act.end <= t]:
                active.remove(act)
                last = act.end
                self._end(act)
            if not pending and not active and t > last + AFTER:
                return
            yield Frame(self._sensor(self._painter.paint(self._stage), self._stage, t), index, t)
            index += 1

    def close(self) -> None:
        self._closed = True

    def _begin(self, act: Act) -> None:
        """Note where a thing stands that is going to be taken."""
        if isinstance(act, Reach) and act.takes and act.prop in self._visits:
            self._visits[act.prop] = self._visits[act.prop][0], self._box(act.prop)

    def _end(self, act: Act) -> None:
        """Note what was done."""
        if not isinstance(act, Reach) or not act.prop:
            return
        if act.brings:
            self._visits[act.prop] = len(self.truth), self._box(act.prop)
            self._note("placed", act.prop.product, *self._visits[act.prop], act)
        elif act.takes and act.prop in self._visits:
            self._note("removed", act.prop.product, *self._visits.pop(act.prop), act)

    def _note(self, kind: Literal["placed", "removed"], product: Product, visit: int, box: Box, act: Reach) -> None:
        since, until = float(act.start), float(act.settled)
        self.truth.append(Deed(kind, visit, product.name, product.enrolled, box, since, until))

    def _box(self, prop: Prop) -> Box:
        left, top, width, height = prop.outline
        scale, view = self.size[1], self._stage.view
        corner = round((left + view.right) * scale), round((top + view.down) * scale)
        return Box(*corner, round(width * scale), round(height * scale))


class _Sensor:
    """Makes of a picture what a camera gives."""

    def __init__(self, width: int, height: int, rng: np.random.Generator) -> None:
        self._rng, self._size = rng, (width, height)
        shape = height + 32, width + 32, 3
        sigma = rng.uniform(1, 5)
        self._noise = [rng.normal(0, sigma, shape).astype(np.float32) for _ in range(GRAINS)]
        self._drift, self._period, self._phase = rng.uniform(0, 0.12), rng.uniform(30, 120), rng.uniform(0, 6)
        self._tint, self._flicker = rng.uniform(-0.04, 0.04), rng.uniform(0, 0.006)
        self._authority = rng.choice([0.0, 0.3, 0.6])
        self._wanted: float | None = None
        self._gain, self._last = 1.0, 0.0

    def __call__(self, picture: Image, stage: Stage, t: float) -> Image:
        wave = np.sin(2 * np.pi * t / self._period + self._phase) - np.sin(self._phase)
        tint = 1 + self._tint * wave
        level = self._gain * np.exp(self._drift * wave) * (1 + self._rng.normal(0, self._flicker))
        gains = level * np.array(stage.light) * (tint, 1.0, 1 / tint)
        field = shading(stage, *self._size)
        if field is None:
            bend: Floats = np.clip(np.arange(256)[:, None] * gains[None], 0, 255).astype(np.float32)
            lit = np.asarray(cv2.LUT(picture, bend[None]), np.float32)
        else:
            light = cv2.merge([field * np.float32(gain) for gain in gains])
            lit = np.asarray(cv2.multiply(picture, light, dtype=cv2.CV_32F), np.float32)
        self._expose(lit, t)
        down, right = self._rng.integers(0, 33, 2)
        grain = self._noise[self._rng.integers(GRAINS)][down:, right:][: self._size[1], : self._size[0]]
        return np.asarray(cv2.add(lit, grain, dtype=cv2.CV_8U), np.uint8)

    def _expose(self, lit: Floats, t: float) -> None:
        mean = float(lit[::8, ::8].mean()) / self._gain
        self._wanted = self._wanted or mean
        aim = float(np.clip((self._wanted / mean) ** self._authority, 0.7, 1.4))
        self._gain += (aim - self._gain) * (1 - np.exp((self._last - t) / EXPOSES))
        self._last = t
