"""Which objects stand in the scene: placed when one has come to rest, seen while it stands, removed when it is gone.

Background subtraction in layers. Each frame, shrunk to less than 256 wide, is compared with the expected picture: the
learned background with every standing object laid over it. What differs, and no change of light explains (see
`light.py`), is a hand, a person or a new object; it is an object once it has been still for a while, with nothing
moving beside it. It becomes a layer, which keeps what it hides and is never absorbed. It is removed when its place
looks like what it hides again, which neither a hand nor a person before it does.

Limits: what touches the border of the picture counts only after a longer rest, since it is mostly an arm; two objects
that arrive together and touch are one; an object of one colour without texture may pass for a shadow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from edge.pipeline import light
from edge.pipeline.scene import Layer, Mask, Scene, as_bytes
from edge.pipeline.shrink import Shrink, enlarge
from edge.types import Box, Change, Frame, Image

REST = 0.9
"""Seconds for which an object must not have changed."""

REST_AT_BORDER = 4.0
"""The same for what touches the border of the picture."""

GONE = 0.25
"""Seconds for which the place of an object must look like what it hid."""

SMALLEST = 0.002
"""Part of the picture that an object covers at least."""

QUIET = 0.0005
"""Part of the values that may differ in a frame in which nothing happens."""

UPDATE = 0.25
"""Seconds between updates of the expected picture."""

BESIDE = 13
"""Pixels across, around each of an object's, in which nothing may move."""


@dataclass(slots=True)
class _Track:
    layer: Layer
    gone_since: float | None = None


class Isolator:
    """Finds objects in frames of one camera that does not move. May be asked from several threads."""

    def __init__(self) -> None:
        """Learn the background from the first frame."""
        self._shrink = Shrink()
        self._lock = Lock()
        self._learned: Image | None = None
        self._tracks: list[_Track] = []
        self._next = 1
        self._scene: Scene | None = None

    @classmethod
    def restore(cls, state: Mapping[str, npt.NDArray[Any]]) -> "Isolator":
        """Given what `state` returned, go on with its background: what stands before it is placed anew."""
        isolator = cls()
        isolator._learned = np.asarray(state["background"], np.uint8)
        return isolator

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The empty scene, for `restore`; nothing before the first frame."""
        with self._lock:
            if self._scene is None:
                return {} if self._learned is None else {"background": self._learned}
            return {"background": as_bytes(self._scene.empty())}

    def locate(self, image: Image) -> list[Box]:
        """Given a whole frame of this camera, RGB, return where objects stand in it, the largest first."""
        with self._lock:
            background = self._scene.empty() if self._scene else self._learned
            noise = self._scene.noise if self._scene else 1.5
        small = Shrink()(Frame(image, 0, 0.0))
        if background is None or background.shape != small.shape:
            return []
        scene = Scene(np.asarray(background, np.float32), noise)
        expected = as_bytes(scene.seen * light.gains(small, scene.seen))
        masks = _objects(*light.compare(small, expected, scene.tolerance))
        masks.sort(key=np.count_nonzero, reverse=True)
        boxes = [Layer(0, mask, scene.seen).box for mask in masks if not light.is_ghost(small, expected, mask)]
        return [enlarge(box, small, image) for box in boxes]

    def step(self, frame: Frame) -> list[Change]:
        """Given the next frame, return what changed in it."""
        small = self._shrink(frame)
        with self._lock:
            if self._scene is None or self._scene.expected.shape != small.shape:
                self._start(small, frame.t)
            assert self._scene
            cv2.absdiff(small, self._scene.expected, dst=self._over)
            cv2.subtract(self._over, self._scene.tolerance, dst=self._over)
            if cv2.countNonZero(self._over.reshape(-1)) > QUIET * small.size:
                return self._busy(self._scene, small, frame)
            return self._calm(self._scene, small, frame)

    def _start(self, small: Image, t: float) -> None:
        known = self._learned is not None and self._learned.shape == small.shape
        self._scene = Scene(np.asarray(self._learned if known else small, np.float32))
        self._over = np.empty_like(small)
        self._anchor = small.astype(np.float32)
        self._changed = np.full(small.shape[:2], t, np.float64)
        self._moved = np.full(small.shape[:2], t, np.float64)
        self._updated = t
        self._gain = np.ones(3, np.float32)

    def _calm(self, scene: Scene, small: Image, frame: Frame) -> list[Change]:
        if frame.t - self._updated >= UPDATE:
            scene.noise += 0.2 * (light.noise(small, scene.expected) - scene.noise)
            scene.follow(small, np.ones(small.shape[:2], np.bool_), frame.t - self._updated)
            self._updated = frame.t
        for track in self._tracks:
            track.gone_since = None
        return [self._change("seen", track, small, frame) for track in self._tracks]

    def _busy(self, scene: Scene, small: Image, frame: Frame) -> list[Change]:
        t = frame.t
        self._gain = light.best_gain(small, scene.seen, scene.tolerance, self._gain)
        plain = np.asarray(small / self._gain, np.float32)
        changed, moved = light.compare(small, as_bytes(self._anchor * self._gain), scene.tolerance)
        self._anchor[changed] = plain[changed]
        self._changed[changed] = t
        self._moved[moved] = t

        differing, odd = light.compare(small, as_bytes(scene.seen * self._gain), scene.tolerance)
        changes = [change for track in list(self._tracks) for change in self._look(scene, track, small, odd, frame)]
        expected = as_bytes(scene.seen * self._gain)
        if any(change.kind == "removed" for change in changes):
            differing, odd = light.compare(small, expected, scene.tolerance)

        for mask in _objects(differing, odd):
            rest = REST_AT_BORDER if _at_border(mask) else REST
            around = mask | (_morph(mask, cv2.MORPH_DILATE, BESIDE) & differing)
            if np.count_nonzero(self._moved[around] > t - rest) > 0.03 * np.count_nonzero(mask):
                continue
            if light.is_ghost(small, expected, mask):
                mask = _morph(mask, cv2.MORPH_DILATE, 5)
                scene.seen[mask] = plain[mask]
                scene.refresh()
                continue
            track = _Track(Layer(self._next, _morph(mask, cv2.MORPH_DILATE, 3), np.zeros_like(scene.seen)))
            self._next += 1
            scene.add(track.layer, plain)
            self._tracks.append(track)
            changes.append(self._change("placed", track, small, frame))

        near = _morph(odd, cv2.MORPH_DILATE, 9)
        lit = differing & ~near & (self._changed < t - REST)
        if lit.any():
            scene.seen[lit] = plain[lit]
            scene.refresh()
        if t - self._updated >= UPDATE:
            scene.follow(as_bytes(plain), ~differing & ~near, t - self._updated)
            self._updated = t
        return changes

    def _look(self, scene: Scene, track: _Track, small: Image, odd: Mask, frame: Frame) -> list[Change]:
        visible = scene.visible(track.layer)
        if np.count_nonzero(odd & visible) <= 0.05 * np.count_nonzero(visible):
            track.gone_since = None
            return [self._change("seen", track, small, frame)]
        now = small[visible].astype(np.float32) / self._gain
        seen, beneath = scene.seen[visible], track.layer.beneath[visible]
        allowed = scene.tolerance[visible].max(1).astype(np.float32)
        telling = np.abs(seen - beneath).max(1) > allowed
        stays, goes = (light.residual(now[telling], then[telling]) for then in (seen, beneath))
        like_beneath: Mask = (goes < stays) & (goes <= 1.5 * allowed[telling])
        if np.count_nonzero(like_beneath) <= 0.75 * np.count_nonzero(telling):
            track.gone_since = None
            return []
        if track.gone_since is None:
            track.gone_since = frame.t
        if frame.t - track.gone_since < GONE:
            return []
        scene.remove(track.layer)
        self._tracks.remove(track)
        return [self._change("removed", track, small, frame)]

    def _change(self, kind: Literal["placed", "seen", "removed"], track: _Track, small: Image, frame: Frame) -> Change:
        return Change(kind, track.layer.track, enlarge(track.layer.box, small, frame.image))


def _objects(differing: Mask, odd: Mask) -> list[Mask]:
    """Given where a picture differs and where it cannot be light, return the filled regions that may be objects."""
    region = _morph(differing, cv2.MORPH_CLOSE, 5)
    dense = _morph(_morph(odd, cv2.MORPH_CLOSE, 9) & region, cv2.MORPH_OPEN, 3).view(np.uint8)
    masks = []
    for contour in cv2.findContours(dense, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        filled = np.zeros_like(dense)
        cv2.drawContours(filled, [contour], -1, 1, cv2.FILLED)
        if np.count_nonzero(filled) >= SMALLEST * filled.size:
            masks.append(filled.view(np.bool_))
    return masks


def _morph(mask: Mask, operation: int, size: int) -> Mask:
    return cv2.morphologyEx(mask.view(np.uint8), operation, np.ones((size, size), np.uint8)).view(np.bool_)


def _at_border(mask: Mask) -> bool:
    return bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())
