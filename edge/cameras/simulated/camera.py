"""A camera before a scene that is drawn: the same seed gives the same pictures, and it knows what happens in them."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from edge.cameras.simulated.actions import Act, Reach
from edge.cameras.simulated.disturbances import Disturbance
from edge.cameras.simulated.ground_truth import Deed
from edge.cameras.simulated.products import Product
from edge.cameras.simulated.scenes import Scene, Script, random_scene
from edge.cameras.simulated.sensor import Sensor
from edge.cameras.simulated.stage import Painter, Prop, Stage
from edge.types import Box, Frame

UNDISTURBED = Disturbance()

AFTER = 3.0
"""Seconds for which a scene that ends goes on after its last act."""


class SimulatedCamera:
    """Implements `Camera`. truth: what has happened up to the last frame, in the order in which it was done."""

    live = False

    def __init__(
        self,
        width: int,
        height: int,
        fps: float,
        seed: int,
        scene: Scene = random_scene,
        disturbance: Disturbance = UNDISTURBED,
    ) -> None:
        """Given the frames' size in pixels and their number a second, draw the scene that a seed makes of a script."""
        self.size = width, height
        self.truth: list[Deed] = []
        self._fps = fps
        room, sensor, happens, disturbs = (np.random.default_rng([seed, part]) for part in range(4))
        self._painter = Painter(width, height, room, disturbance.gloss)
        self._script: Script = scene(width / height, happens)
        self._stage = Stage(props=list(self._script.props))
        self._sensor = Sensor(width, height, sensor)
        self._disturbance, self._disturbs = disturbance, disturbs
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
            picture = self._disturbance.scene(self._painter.paint(self._stage), self._disturbs)
            picture = self._sensor(picture, self._stage, t)
            yield Frame(self._disturbance.readout(picture, index, t, self._disturbs), index, t)
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
