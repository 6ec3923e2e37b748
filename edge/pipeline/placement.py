"""From one small picture after another to what was placed, is seen and was removed; see `isolate.py`."""

import logging
import math
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from edge.pipeline import light
from edge.pipeline.align import find_warp, warped
from edge.pipeline.pictures import Floats, Mask, as_bytes
from edge.pipeline.regions import apart, at_border, grown, objects, share
from edge.pipeline.scene import Layer, Scene
from edge.pipeline.stillness import Stillness
from edge.types import Box, Image

log = logging.getLogger(__name__)

REST, REST_AT_BORDER, REST_OF_ALL = 1.1, 5.0, 6.0
"""Seconds for which an object must not have changed; one that touches the border; a view to be learned anew."""

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

MOST = 0.5
"""Part of the picture that no object covers."""

DARK = 12.0
"""Mean grey level below which the picture shows nothing."""

UPDATE = 0.5
"""Seconds between updates of the expected picture."""

FOLLOW = 3.0
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

    def __init__(self, scene: Scene, small: Image, t: float) -> None:
        """Given the scene and the first picture, begin with nothing placed."""
        self._scene = scene
        self._tracks: list[_Track] = []
        self._next = 1
        self._over = np.empty_like(small)
        self._still = Stillness(small, t)
        self._gain = np.ones(3, np.float32)
        self._light = np.ones_like(scene.seen)
        self._apart = np.zeros(small.shape[:2], np.bool_)
        self._updates, self._updated = 0, t

    def step(self, small: Image, t: float) -> list[Happening]:
        """Given the next picture, return what happened."""
        cv2.absdiff(small, self._scene.expected, dst=self._over)
        cv2.subtract(self._over, self._scene.tolerance, dst=self._over)
        if cv2.countNonZero(self._over.reshape(-1)) > QUIET * small.size:
            return self._busy(small, t) if small.mean() > DARK else []
        for track in self._tracks:
            track.bare_since, track.glimpsed = None, False
        if self._is_due(t):
            everywhere = np.ones(small.shape[:2], np.bool_)
            self._scene.follow(small.astype(np.float32), everywhere, self._weight(t))
            self._updated_at(t, small)
        return [self._tell("seen", track) for track in self._tracks]

    def _busy(self, small: Image, t: float) -> list[Happening]:
        self._gain = light.best_gain(small, self._scene.seen, self._scene.tolerance, self._gain)
        lit = self._scene.seen * self._gain
        self._light = light.field(small, lit, ~self._apart) * self._gain
        plain = np.asarray(small / self._light, np.float32)
        self._still.update(small, plain, self._light, self._scene.tolerance, t)
        view = self._compare(small, plain, t)
        self._apart = grown(np.logical_or.reduce([view.odd, *view.masks]), 2)
        ready = [mask for mask in view.masks if self._is_at_rest(mask, view)]
        bare = [track for track in self._tracks if self._is_bare(track, view)]
        if (ready or bare) and self._realign(view):
            return []
        standing = [track for track in self._tracks if track not in bare]
        happened = [self._remove(track) for track in bare]
        if not bare:  # else the next frame is compared with the scene as it is then
            for mask in ready:
                happened += self._settle(mask, view)
        happened += [self._tell("seen", track) for track in standing if self._is_intact(track, view)]
        if self._is_due(t):
            self._learn(view)
        return happened

    def _compare(self, small: Image, plain: Floats, t: float) -> _View:
        expected = as_bytes(self._scene.seen * self._light)
        differing, odd, strong = light.compare(small, expected, self._scene.tolerance)
        masks = objects(differing, odd, strong)
        masks = [mask for mask in masks if not light.is_shadow(small, expected, self._scene.tolerance, mask)]
        return _View(small, plain, t, expected, differing, odd, masks)

    def _is_at_rest(self, mask: Mask, view: _View) -> bool:
        rest = REST_OF_ALL if mask.mean() > MOST else REST_AT_BORDER if at_border(mask) else REST
        return self._still.rests(mask, view.differing, view.t - rest)

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
        now, seen, beneath = view.plain[visible], self._scene.seen[visible], track.layer.beneath[visible]
        allowed = self._scene.tolerance[visible].max(1).astype(np.float32)
        telling = np.abs(seen - beneath).max(1) > allowed
        stays, goes = (light.residual(now[telling], then[telling]) for then in (seen, beneath))
        bare = share((goes < stays) & (goes <= 1.5 * allowed[telling]), np.ones(len(goes), np.bool_))
        track.glimpsed |= bare > GLIMPSE
        if bare <= BARE:
            track.bare_since = None
        elif track.bare_since is None:
            track.bare_since = view.t
        return track.bare_since is not None and view.t - track.bare_since >= GONE

    def _settle(self, mask: Mask, view: _View) -> list[Happening]:
        """Given a region that differs and rests, make it part of the scene."""
        if mask.mean() > MOST:
            log.info("the view has changed: the scene is learned anew")
            gone = [self._remove(track) for track in list(self._tracks)]
            self._scene.show(np.ones_like(mask), view.plain)
            return gone
        for track in self._tracks:
            visible = self._scene.visible(track.layer)
            if track.glimpsed and share(mask, visible) > MOST:
                return [self._remove(track)]  # and the next frame shows a new object where it stood
            if share(grown(visible, 1), mask) > MOST:
                return self._turn(track, mask, view)
        if light.is_ghost(view.small, view.expected, mask):
            self._scene.show(grown(mask, 2), view.plain)
            return []
        track = _Track(self._scene.add(self._next, mask, view.plain))
        self._next += 1
        self._tracks.append(track)
        return [self._tell("placed", track)]

    def _turn(self, track: _Track, mask: Mask, view: _View) -> list[Happening]:
        """Given an object that looks otherwise, or stands a little aside, see it as it is now."""
        bare = as_bytes(self._scene.without(track.layer) * self._light)
        either = mask | track.layer.mask
        found = objects(*light.compare(view.small, bare, self._scene.tolerance))
        place = max(found, key=lambda new: np.count_nonzero(new & either), default=np.zeros_like(mask))
        if share(place, track.layer.mask) < MOST:
            return [self._remove(track)]
        if at_border(place) and not at_border(mask):
            return []  # a hand holds it
        self._scene.remove(track.layer)
        track.layer = self._scene.add(track.layer.track, place, view.plain)
        return []

    def _remove(self, track: _Track) -> Happening:
        self._scene.remove(track.layer)
        self._tracks.remove(track)
        return self._tell("removed", track)

    def _realign(self, view: _View) -> bool:
        """Whether the camera was bumped; if so, expect what it sees now."""
        for coarse in (False, True):
            warp = find_warp(view.small, view.expected, coarse)
            if warp is None:
                continue
            expected = as_bytes(warped(self._scene.seen, warp) * self._light)
            odd = light.compare(view.small, expected, self._scene.tolerance)[1]
            if np.count_nonzero(odd) < np.count_nonzero(view.odd) / 2:
                log.info("the camera was moved by %.1f small pixels", np.hypot(*warp[:, 2]))
                self._scene.warp(warp, view.plain)
                self._scene.show(~grown(odd, 2), view.plain)
                return True
        return False

    def _is_due(self, t: float) -> bool:
        return self._updates < 5 or t - self._updated >= UPDATE

    def _weight(self, t: float) -> float:
        return max(1 - math.exp((self._updated - t) / FOLLOW), 1 / (self._updates + 2))

    def _learn(self, view: _View) -> None:
        """Follow what is as expected, and what has been lit otherwise for a while."""
        near = grown(np.logical_or.reduce([view.odd, *view.masks]), 4)
        lit = apart(view.differing, self._still.changed > view.t - LIT, [grown(mask, 4) for mask in view.masks])
        weight = self._weight(view.t)
        self._scene.follow(view.plain, ~near & ~view.differing, weight)
        self._scene.follow(view.plain, lit, 0.5)
        self._relight(self._light**weight)
        self._updated_at(view.t, view.small)

    def _relight(self, gain: Floats) -> None:
        self._scene.relight(gain)
        self._still.relight(gain)
        self._gain = self._gain / gain.mean((0, 1))

    def _updated_at(self, t: float, small: Image) -> None:
        noise = light.noise(small, self._scene.expected)
        self._scene.noise += max(0.2, 1 / (self._updates + 1)) * (noise - self._scene.noise)
        self._updates, self._updated = self._updates + 1, t

    def _tell(self, kind: Literal["placed", "seen", "removed"], track: _Track) -> Happening:
        return kind, track.layer.track, track.layer.box
