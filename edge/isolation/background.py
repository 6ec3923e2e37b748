"""Keeps the expected picture in step with the light and the camera, and compares each picture with it.

Light has four times. In each frame, the gain of the whole and a smooth field around it are taken off before anything
is judged. What is visible follows slow drift. A change of light that stays is learned after a while. And at the very
start, while exposure settles, all is learned anew.
"""

import logging
import math
from dataclasses import dataclass

import cv2
import numpy as np

from edge.isolation import illumination
from edge.isolation.downscale import WHITE, Floats, Mask, as_bytes
from edge.isolation.masks import apart, grown, objects
from edge.isolation.motion import MotionHistory
from edge.isolation.reference import Reference
from edge.isolation.registration import find_warps, warped
from edge.types import Image

log = logging.getLogger(__name__)

QUIET = 0.0005
"""Part of the values that may differ in a picture in which nothing happens."""

NEAR = 4
"""Pixels around an object, or what may be one, that do not show the scene's light."""

STEADY = 1.0
"""Seconds for which a place must not have moved to show the scene's light."""

LIT = 3.0
"""Seconds after which a change of light, or of less than an object, is taken to stay."""

SETTLE, EXPOSED = 2.0, 0.2
"""Seconds after the first picture in which, while it gets brighter or darker by this (log), all is learned anew."""

MOST = 0.5
"""Part of the picture that must show the scene for its light to be told."""

UPDATE, QUICK = 1.0, 5
"""Seconds between updates of the expected picture, and how many come at once at the start."""

FOLLOW = 6.0
"""Seconds, the time constant with which the expected picture follows the light."""


@dataclass(slots=True)
class Comparison:
    """One picture against the expected one.

    plain: (h, w, 3) float32, under the light of `Scene.seen`. blown: (h, w, 3), where the sensor was at its end.
    expected: under the light of the picture. differing, odd: (h, w), where they differ, and where light does not
    explain it. masks: what may be objects.
    """

    small: Image
    plain: Floats
    blown: Mask
    t: float
    expected: Image
    differing: Mask
    odd: Mask
    masks: list[Mask]


class BackgroundModel:
    """What is known of the scene besides its objects.

    aligned: seconds at which the camera was last checked for a bump.
    """

    def __init__(self, scene: Reference, small: Image, t: float, settled: bool) -> None:
        """Given the scene and the first picture, begin; settled: the scene was learned before."""
        self.scene = scene
        self._above, self._below = np.empty_like(small), np.empty_like(small)
        self._begin(small, t)
        self._settled = t if settled else t + SETTLE

    def _begin(self, small: Image, t: float) -> None:
        self._still = MotionHistory(small, t)
        self._gain = np.ones(3, np.float32)
        self._light = np.ones_like(self.scene.seen)
        self._apart = np.zeros(small.shape[:2], np.bool_)
        self._updates, self._updated, self.aligned = 0, t, t

    def is_calm(self, small: Image) -> bool:
        """Whether nothing differs; allocates nothing."""
        cv2.subtract(small, self.scene.expected, dst=self._above)
        cv2.subtract(self._above, self.scene.tolerance.above, dst=self._above)
        cv2.subtract(self.scene.expected, small, dst=self._below)
        cv2.subtract(self._below, self.scene.tolerance.below, dst=self._below)
        unlike = cv2.countNonZero(self._above.reshape(-1)) + cv2.countNonZero(self._below.reshape(-1))
        return unlike <= QUIET * small.size

    def is_settling(self, small: Image, t: float) -> bool:
        """Whether exposure, just begun, is still far from where it was."""
        if t >= self._settled:
            return False
        gain = illumination.gains(small, self.scene.seen)
        unlike = illumination.differs(small, as_bytes(self.scene.seen * gain), self.scene.tolerance)
        return bool(np.abs(np.log(gain)).max() > EXPOSED or unlike.mean() > MOST)

    def is_due(self, t: float) -> bool:
        """Whether the expected picture is to be updated."""
        return self._updates < QUICK or t - self._updated >= UPDATE

    def relearn(self, small: Image, t: float) -> None:
        """Take this picture for the scene; it must have no layers."""
        self.scene.show(np.ones(small.shape[:2], np.bool_), small.astype(np.float32), small >= WHITE)
        self._begin(small, t)
        self._settled = t + SETTLE

    def view(self, small: Image, t: float) -> Comparison:
        """Given the next picture in which something differs, compare it."""
        self._gain = illumination.best_gain(small, self.scene.seen, self.scene.tolerance, self._gain)
        self._light = self._field(small, ~self._apart)
        self._still.update(small, self._gain, self.scene, t)
        expected = as_bytes(self.scene.seen * self._light)
        differing, odd, strong = illumination.compare(small, expected, self.scene.tolerance)
        masks = illumination.without_light(small, expected, self.scene.tolerance, objects(differing, odd, strong))
        self._apart = grown(np.logical_or.reduce([odd, *masks]), NEAR)
        plain = np.asarray(small / self._light, np.float32)
        return Comparison(small, plain, np.asarray(small >= WHITE), t, expected, differing, odd, masks)

    def lit(self, background: Floats) -> Image:
        """The picture that another background would give in the light of the last view."""
        return as_bytes(background * self._light)

    def objects_before(self, background: Floats, view: Comparison) -> list[Mask]:
        """What may be objects in a view of another background."""
        return objects(*illumination.compare(view.small, self.lit(background), self.scene.tolerance))

    def rests(self, mask: Mask, view: Comparison, seconds: float) -> bool:
        """Whether a region has been still for so long."""
        return self._still.rests(mask, view.differing, view.t - seconds)

    def realign(self, view: Comparison) -> bool:
        """Whether the camera was bumped; if so, expect what it sees now."""
        self.aligned = view.t
        least, best = int(np.count_nonzero(view.odd)) / 2, None
        for warp in find_warps(view.small, view.expected):
            expected = as_bytes(warped(self.scene.seen, warp) * self._light)
            odd = illumination.compare(view.small, expected, self.scene.tolerance)[1]
            if np.count_nonzero(odd) < least:
                least, best = int(np.count_nonzero(odd)), (warp, odd)
        if best is None:
            return False
        warp, odd = best
        log.info("the camera was moved, by %.1f of %d pixels", np.hypot(*warp[:, 2]), odd.shape[1])
        self.scene.warp(warp, view.plain)
        self.scene.show(~grown(odd, 2), view.plain, view.blown)
        return True

    def learn_calm(self, small: Image, t: float) -> None:
        """Given a picture in which nothing differs, follow it, if it is time."""
        if self.is_due(t):
            everywhere = np.ones(small.shape[:2], np.bool_)
            self.scene.follow(small.astype(np.float32), np.asarray(small >= WHITE), everywhere, self._weight(t))
            self._note_update(small, t)

    def learn(self, view: Comparison) -> None:
        """Follow what is as expected, and what has been lit otherwise for a while, if it is time."""
        if not self.is_due(view.t):
            return
        lit = apart(view.differing, self._still.changed > view.t - LIT, [grown(mask, NEAR) for mask in view.masks])
        weight = self._weight(view.t)
        self.scene.follow(view.plain, view.blown, ~self._apart & ~view.differing, weight)
        self.scene.follow(view.plain, view.blown, lit, 0.7, alone=True)
        clear = ~self._apart & (self._still.moved < view.t - STEADY)
        if clear.mean() > MOST:  # else what covers the scene would pass for its light
            self._relight(self._field(view.small, clear) ** weight)
        self._note_update(view.small, view.t)

    def _field(self, small: Image, known: Mask) -> Floats:
        return illumination.field(small, self.scene.seen * self._gain, known) * self._gain

    def _relight(self, gain: Floats) -> None:
        self.scene.relight(gain)
        mean = gain.mean((0, 1))
        self._still.relight(mean)
        self._gain = self._gain / mean

    def _weight(self, t: float) -> float:
        return max(1 - math.exp((self._updated - t) / FOLLOW), 1 / (self._updates + 2))

    def _note_update(self, small: Image, t: float) -> None:
        noise = illumination.noise(small, self.scene.expected)
        self.scene.noise += max(0.2, 1 / (self._updates + 1)) * (noise - self.scene.noise)
        self._updates, self._updated = self._updates + 1, t
