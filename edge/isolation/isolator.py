"""Which objects stand in the scene: placed when one has come to rest, seen while it stands, removed when it is gone.

Background subtraction in layers. Each frame, shrunk to less than 256 wide, is compared with the expected picture: the
learned background with every standing object laid over it. What differs, and no change of light explains (see
`illumination.py`), is a hand, a person or a new object; it is an object once it has been still for a while, and nothing
moves beside it. It becomes a layer, which keeps what it hides and is never absorbed. It is removed when its place
looks like what it hides again, which neither a hand nor a person before it does. A region whose outline was expected
and is gone is one that an object has left which was there when the background was learned; it becomes background. An
object that has changed where it stands was turned, unless it has other colours or another size, or what it hides shone
through meanwhile: then it was swapped.
After a bump the expected picture is warped to fit; where nothing fits any more, everything is learned again.
A lamp's flicker and a camera's shaking are taken off each picture first (see `flicker.py`, `stabiliser.py`).

Limits: what touches the border of the picture is no object, since it is mostly an arm, and is taken for background
after a minute without change. What walked in free of the border (see `arrivals.py`), or is nearly as tall or wide as
the picture, must rest longer, since it may be a person; one who stands in full view and does not stir for that long is
an object. Two objects that arrive together and touch are one. An object of one colour without texture may pass for a
shadow. In a picture too dark to see anything, nothing happens. A view that has changed past recognition closes what
stood in the old one.
"""

from collections.abc import Mapping
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from edge.images.zones import Zones
from edge.isolation import illumination
from edge.isolation.change_gate import ChangeGate
from edge.isolation.downscale import Downscaler, as_bytes, bounds, enlarge, smallest
from edge.isolation.masks import objects
from edge.isolation.reference import Reference
from edge.isolation.settings import IsolationSettings
from edge.isolation.tracker import Happening, Tracker
from edge.types import Box, Change, Frame, Image

DEFAULTS = IsolationSettings()


class Isolator:
    """Finds objects in the frames of one camera, which does not move. May be asked from several threads."""

    def __init__(self, settings: IsolationSettings = DEFAULTS, ignore: Zones = ()) -> None:
        """Learn the background from the first frame on. ignore: zones of the picture that are not looked at."""
        self._settings, self._ignore = settings, ignore
        self._shrink, self._change_gate = Downscaler(settings.widest_pixels, ignore), ChangeGate(settings)
        self._gate_checked = 0.0
        self._lock = Lock()
        self._scene: Reference | None = None
        self._tracker: Tracker | None = None

    @classmethod
    def with_background(cls, image: Image, settings: IsolationSettings = DEFAULTS, ignore: Zones = ()) -> "Isolator":
        """Given a frame of this camera that shows the empty scene, RGB, start with that background."""
        isolator = cls(settings, ignore)
        small = Downscaler(settings.widest_pixels, ignore)(Frame(image, 0, 0.0))
        isolator._scene = Reference(small.astype(np.float32), settings)
        return isolator

    @classmethod
    def restore(
        cls, state: Mapping[str, npt.NDArray[Any]], settings: IsolationSettings = DEFAULTS, ignore: Zones = ()
    ) -> "Isolator":
        """Given what `state` returned, go on with that background: what stands in front of it is placed again.

        A background that was learned with other zones is left, for it says nothing of what they hid.
        """
        isolator = cls(settings, ignore)
        if state and np.array_equal(state.get("ignore", _flat(())), _flat(ignore)):
            isolator._scene = Reference(np.asarray(state["background"], np.float32), settings, float(state["noise"]))
        return isolator

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The empty scene, for `restore`; nothing before the first frame."""
        with self._lock:
            if self._scene is None:
                return {}
            background = as_bytes(self._scene.empty())
            return {"background": background, "noise": np.array(self._scene.noise), "ignore": _flat(self._ignore)}

    @property
    def trouble(self) -> str | None:
        """What disturbs every picture, such as a lamp that flickers, and what helps, in one line; None if nothing."""
        return self._tracker.trouble if self._tracker else None

    def locate(self, image: Image) -> list[Box]:
        """Given a whole frame of this camera, RGB, return where objects stand in it, the largest first."""
        small = Downscaler(self._settings.widest_pixels, self._ignore)(Frame(image, 0, 0.0))
        with self._lock:
            if self._scene is None or self._scene.expected.shape != small.shape:
                return []
            scene = Reference(self._scene.empty(), self._settings, self._scene.noise)
        expected = as_bytes(scene.seen * illumination.gains(small, scene.seen, self._settings))
        found = objects(*illumination.compare(small, expected, scene.tolerance, self._settings), self._settings)
        found = illumination.without_light(small, expected, scene.tolerance, found, self._settings)
        masks = [mask for mask in found if not illumination.is_ghost(small, expected, mask, self._settings)]
        masks.sort(key=np.count_nonzero, reverse=True)
        return [enlarge(bounds(mask), small, image) for mask in masks]

    def step(self, frame: Frame) -> list[Change]:
        """Given the next frame, return what changed in it."""
        with self._lock:
            happened = self._unchanged(frame)
            if happened is None:
                happened = self._look(frame)
            if not happened or self._scene is None:
                return []
            small = self._scene.expected
        return [Change(kind, track, enlarge(box, small, frame.image)) for kind, track, box in happened]

    def _unchanged(self, frame: Frame) -> list[Happening] | None:
        """What happened in a frame that looks as the last whole look left the scene; None for another frame."""
        tracker = self._tracker
        if tracker is None or tracker.is_due(frame.t):
            return None
        if frame.t - self._gate_checked < self._settings.glance_seconds:
            return []
        self._gate_checked = frame.t
        return tracker.unchanged(frame.t) if self._change_gate.is_same(smallest(frame)) else None

    def _look(self, frame: Frame) -> list[Happening]:
        small = self._shrink(frame)
        happened: list[Happening] = []
        first, settled = 1, self._scene is not None
        if self._scene is None and small.mean() < self._settings.dark_level:
            return []
        if self._scene is None or self._scene.expected.shape != small.shape:
            if self._tracker:
                happened, first = self._tracker.close(), self._tracker.next
            self._scene, self._tracker, settled = Reference(small.astype(np.float32), self._settings), None, False
        if self._tracker is None:
            self._tracker = Tracker(self._scene, small, frame.t, first, settled)
        happened += self._tracker.step(small, frame.t)
        if self._tracker.calm:
            self._change_gate.remember(smallest(frame), self._scene.noise)
            self._gate_checked = frame.t
        return happened


def _flat(zones: Zones) -> npt.NDArray[np.float64]:
    """Given zones, return their corners as rows of the zone's number, x and y."""
    corners = [(number, x, y) for number, zone in enumerate(zones) for x, y in zone]
    return np.array(corners, np.float64).reshape(-1, 3)
