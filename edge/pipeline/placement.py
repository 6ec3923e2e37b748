"""From one small picture after another to what was placed, is seen and was removed; see `isolate.py`."""

import logging
import math
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from edge.pipeline import light
from edge.pipeline.align import find_warps, warped
from edge.pipeline.pictures import Floats, Mask, as_bytes
from edge.pipeline.regions import apart, at_border, grown, objects, share
from edge.pipeline.scene import WHITE, Layer, Scene
from edge.pipeline.stillness import Stillness
from edge.types import Box, Image

log = logging.getLogger(__name__)

REST, REST_OF_ALL, REST_AT_BORDER = 1.1, 6.0, 60.0
"""Seconds without change after which a thing is an object; a view is learned anew; a thing at the border is part of it.
"""

LIT = 3.0
"""Seconds after which a change of light, or of less than an object, is taken to stay."""

GONE = 0.25
"""Seconds for which the place of an object must look like what it hid."""

QUIET = 0.0005
"""Part of the values that may differ in a frame in which nothing happens."""

INTACT = 0.05
"""Part of an object that may differ while it counts as seen."""

BARE = 0.75
"""Part of an object's place that must look like what it hid."""

GLIMPSE = 0.5
"""The same, for it to have been taken away and something else put there."""

SAME = 0.75
"""Part of its size that an object keeps when it is turned or pushed."""

MOST = 0.5
"""Part of the picture that no object covers."""

NEAR = 4
"""Pixels around an object, or what may be one, that do not show the scene's light."""

DARK = 12.0
"""Mean grey level below which the picture shows nothing."""

UPDATE = 0.5
"""Seconds between updates of the expected picture."""

FOLLOW = 6.0
"""Seconds, the time constant with which the expected picture follows the light."""

Happening = tuple[Literal["placed", "seen", "removed"], int, Box]
"""What happened, the track's number and its box in the small picture."""


@dataclass(slots=True)
class _Track:
    layer: Layer
    bare_since: float | None = None
    glimpsed: bool = False
    """Whether what it hides was in view since it was last seen."""


@dataclass(slots=True)
class _View:
    """One picture against the expected one. plain: freed from the gain."""

    small: Image
    plain: Floats
    t: float
    expected: Image
    differing: Mask
    odd: Mask
    masks: list[Mask]


class Placements:
    """Follows the objects of a scene, which it keeps up to date."""

    def __init__(self, scene: Scene, small: Image, t: float, first: int = 1) -> None:
        """Given the scene, the first picture and the first track's number, begin with nothing placed."""
        self._scene = scene
        self._tracks: list[_Track] = []
        self.next = first
        self._above, self._below = np.empty_like(small), np.empty_like(small)
        self._begin(small, t)

    def _begin(self, small: Image, t: float) -> None:
        self._still = Stillness(small, t)
        self._gain = np.ones(3, np.float32)
        self._light = np.ones_like(self._scene.seen)
        self._apart = np.zeros(small.shape[:2], np.bool_)
        self._updates, self._updated, self._aligned = 0, t, t

    def step(self, small: Image, t: float) -> list[Happening]:
        """Given the next picture, return what happened."""
        cv2.subtract(small, self._scene.expected, dst=self._above)
        cv2.subtract(self._above, self._scene.tolerance.above, dst=self._above)
        cv2.subtract(self._scene.expected, small, dst=self._below)
        cv2.subtract(self._below, self._scene.tolerance.below, dst=self._below)
        unlike = cv2.countNonZero(self._above.reshape(-1)) + cv2.countNonZero(self._below.reshape(-1))
        if unlike > QUIET * small.size:
            return self._busy(small, t) if small.mean() > DARK else []
        for track in self._tracks:
            track.bare_since, track.glimpsed = None, False
        if self._is_due(t):
            everywhere = np.ones(small.shape[:2], np.bool_)
            self._scene.follow(small.astype(np.float32), _blown(small), everywhere, self._weight(t))
            self._updated_at(t, small)
        return [self._tell("seen", track) for track in self._tracks]

    def close(self) -> list[Happening]:
        """Remove all there is."""
        return [self._remove(track) for track in list(self._tracks)]

    def _busy(self, small: Image, t: float) -> list[Happening]:
        self._gain = light.best_gain(small, self._scene.seen, self._scene.tolerance, self._gain)
        lit = self._scene.seen * self._gain
        self._light = light.field(small, lit, ~self._apart) * self._gain
        plain = np.asarray(small / self._light, np.float32)
        self._still.update(small, self._gain, self._scene.tolerance, t)
        view = self._compare(small, plain, t)
        everything = np.logical_or.reduce([np.zeros_like(view.odd), *view.masks])
        self._apart = grown(everything | view.odd, NEAR)
        if everything.mean() > MOST and self._rests(everything, view, REST_OF_ALL) and not self._realign(view):
            return self._relearn(view)
        resting = [mask for mask in view.masks if self._rests(mask, view, REST)]
        ready = [mask for mask in resting if not at_border(mask)]
        bare = [track for track in self._tracks if self._is_bare(track, view)]
        if (ready or bare or (resting and t - self._aligned > REST)) and self._realign(view):
            return []
        standing = [track for track in self._tracks if track not in bare]
        happened = [self._remove(track) for track in bare]
        if not bare:  # else the next frame is compared with the scene as it is then
            for mask in ready:
                happened += self._settle(mask, view)
        happened += [self._tell("seen", track) for track in standing if self._is_intact(track, view)]
        for mask in resting:
            if at_border(mask) and self._rests(mask, view, REST_AT_BORDER):
                self._absorb(mask, view)
        if self._is_due(t):
            self._learn(view)
        return happened

    def _compare(self, small: Image, plain: Floats, t: float) -> _View:
        expected = as_bytes(self._scene.seen * self._light)
        differing, odd, strong = light.compare(small, expected, self._scene.tolerance)
        masks = objects(differing, odd, strong)
        masks = [mask for mask in masks if not light.is_shadow(small, expected, self._scene.tolerance, mask)]
        return _View(small, plain, t, expected, differing, odd, masks)

    def _rests(self, mask: Mask, view: _View, seconds: float) -> bool:
        return self._still.rests(mask, view.differing, view.t - seconds)

    def _relearn(self, view: _View) -> list[Happening]:
        log.info("the view has changed: the scene is learned anew")
        gone = self.close()
        self._scene.show(np.ones_like(view.odd), view.small.astype(np.float32), _blown(view.small))
        self._begin(view.small, view.t)
        return gone

    def _is_intact(self, track: _Track, view: _View) -> bool:
        if track not in self._tracks:
            return False
        visible = self._scene.visible(track.layer)
        return share(visible, track.layer.mask) > MOST and share(view.odd, visible) <= INTACT

    def _is_bare(self, track: _Track, view: _View) -> bool:
        """Whether the place of an object has looked for a while like what it hid."""
        visible = self._scene.visible(track.layer)
        if share(view.odd, visible) <= INTACT:
            track.bare_since, track.glimpsed = None, False
            return False
        without = self._scene.without(track.layer)
        now, seen, beneath = view.plain[visible], self._scene.seen[visible], without[visible]
        allowed = self._scene.allowed(as_bytes(without)).below[visible].max(1)
        telling = np.abs(seen - beneath).max(1) > allowed
        stays, goes = (light.residual(now[telling], then[telling]) for then in (seen, beneath))
        bare = share((goes < stays) & (goes <= allowed[telling]), np.ones(len(goes), np.bool_))
        track.glimpsed |= bare > GLIMPSE
        if bare <= BARE:
            track.bare_since = None
        elif track.bare_since is None:
            track.bare_since = view.t
        return track.bare_since is not None and view.t - track.bare_since >= GONE

    def _settle(self, mask: Mask, view: _View) -> list[Happening]:
        """Given a region that differs and rests, make it part of the scene."""
        for track in self._tracks:
            visible = self._scene.visible(track.layer)
            if track.glimpsed and share(mask, visible) > MOST:
                return [self._remove(track)]  # and the next frame shows a new object where it stood
            if share(grown(visible, 1), mask) > MOST:
                return self._turn(track, mask, view)
        if light.is_ghost(view.small, view.expected, mask):
            self._absorb(mask, view)
            return []
        track = _Track(self._scene.add(self.next, mask, view.plain, _blown(view.small)))
        self.next += 1
        self._tracks.append(track)
        return [self._tell("placed", track)]

    def _absorb(self, mask: Mask, view: _View) -> None:
        self._scene.show(grown(mask, 2), view.plain, _blown(view.small))

    def _turn(self, track: _Track, mask: Mask, view: _View) -> list[Happening]:
        """Given an object that looks otherwise, or stands a little aside, see it as it is now."""
        bare = as_bytes(self._scene.without(track.layer) * self._light)
        either = mask | track.layer.mask
        found = objects(*light.compare(view.small, bare, self._scene.tolerance))
        place = max(found, key=lambda new: np.count_nonzero(new & either), default=np.zeros_like(mask))
        size = np.count_nonzero(grown(place, 1)) / np.count_nonzero(track.layer.mask)
        if share(place, track.layer.mask) < MOST or not SAME < size < 1 / SAME:
            return [self._remove(track)]
        if at_border(place) and not at_border(mask):
            return []  # a hand holds it
        self._scene.remove(track.layer)
        track.layer = self._scene.add(track.layer.track, place, view.plain, _blown(view.small))
        return []

    def _remove(self, track: _Track) -> Happening:
        self._scene.remove(track.layer)
        self._tracks.remove(track)
        return self._tell("removed", track)

    def _realign(self, view: _View) -> bool:
        """Whether the camera was bumped; if so, expect what it sees now."""
        self._aligned = view.t
        least, best = int(np.count_nonzero(view.odd)) / 2, None
        for warp in find_warps(view.small, view.expected):
            expected = as_bytes(warped(self._scene.seen, warp) * self._light)
            odd = light.compare(view.small, expected, self._scene.tolerance)[1]
            if np.count_nonzero(odd) < least:
                least, best = int(np.count_nonzero(odd)), (warp, odd)
        if best is None:
            return False
        warp, odd = best
        log.info("the camera was moved, by %.1f of %d pixels", np.hypot(*warp[:, 2]), odd.shape[1])
        self._scene.warp(warp, view.plain)
        self._scene.show(~grown(odd, 2), view.plain, _blown(view.small))
        return True

    def _is_due(self, t: float) -> bool:
        return self._updates < 5 or t - self._updated >= UPDATE

    def _weight(self, t: float) -> float:
        return max(1 - math.exp((self._updated - t) / FOLLOW), 1 / (self._updates + 2))

    def _learn(self, view: _View) -> None:
        """Follow what is as expected, and what has been lit otherwise for a while."""
        lit = apart(view.differing, self._still.changed > view.t - LIT, [grown(mask, NEAR) for mask in view.masks])
        weight = self._weight(view.t)
        blown = _blown(view.small)
        self._scene.follow(view.plain, blown, ~self._apart & ~view.differing, weight)
        self._scene.follow(view.plain, blown, lit, 0.5)
        clear = ~self._apart & (self._still.moved < view.t - REST)
        if clear.mean() > MOST:  # else what covers the scene would pass for its light
            self._relight((light.field(view.small, self._scene.seen * self._gain, clear) * self._gain) ** weight)
        self._updated_at(view.t, view.small)

    def _relight(self, gain: Floats) -> None:
        self._scene.relight(gain)
        mean = gain.mean((0, 1))
        self._still.relight(mean)
        self._gain = self._gain / mean

    def _updated_at(self, t: float, small: Image) -> None:
        noise = light.noise(small, self._scene.expected)
        self._scene.noise += max(0.2, 1 / (self._updates + 1)) * (noise - self._scene.noise)
        self._updates, self._updated = self._updates + 1, t

    def _tell(self, kind: Literal["placed", "seen", "removed"], track: _Track) -> Happening:
        return kind, track.layer.track, track.layer.box


def _blown(small: Image) -> Mask:
    return np.asarray(small >= WHITE)
