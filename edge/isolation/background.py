"""Keeps the expected picture in step with the light and the camera, and compares each picture with it.

Light has four times. In each frame, the gain of the whole and a smooth field around it are taken off before anything
is judged. What is visible follows slow drift. A change of light that stays is learned after a while. And at the very
start, while exposure settles, everything is learned again.
"""

import logging
import math
from dataclasses import dataclass

import cv2
import numpy as np

from edge.isolation import illumination
from edge.isolation.colour import ColourFollower
from edge.isolation.completion import completed
from edge.isolation.downscale import Floats, Mask, as_bytes
from edge.isolation.flicker import FlickerFilter, evened, row_gains
from edge.isolation.masks import apart, grown, objects
from edge.isolation.motion import MotionHistory
from edge.isolation.reference import Reference
from edge.isolation.registration import find_warps, warped
from edge.isolation.stabiliser import Stabiliser
from edge.types import Image

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Comparison:
    """One picture against the expected one.

    plain: (h, w, 3) float32, under the light of `Reference.seen`. blown: (h, w, 3), where the sensor was at its end.
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

    aligned: seconds at which the camera was last checked for a bump. trouble: what disturbs every picture, and what
    helps, in one line; None if nothing does.
    """

    def __init__(self, scene: Reference, small: Image, t: float, settled: bool) -> None:
        """Given the scene and the first picture, begin; settled: the scene was learned before."""
        self.scene, self._settings = scene, scene.settings
        self._above, self._below = np.empty_like(small), np.empty_like(small)
        self._begin(small, t)
        self._settled = t if settled else t + self._settings.settle_seconds
        self._first, self._settle_end = t, t + self._settings.most_settle_seconds
        self._colour = ColourFollower(self._settings)
        self._flicker, self._stabiliser = FlickerFilter(self._settings), Stabiliser(self._settings)
        self._exposure, self._troubled = 0.0, 0.0
        self.trouble: str | None = None
        self._warned: set[str] = set()

    def _begin(self, small: Image, t: float) -> None:
        self._still = MotionHistory(small, t, self._settings)
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
        return unlike <= self._settings.calm_share * small.size

    def steady(self, small: Image, t: float) -> Image:
        """Given the next picture in which something differs, return it without a lamp's flicker or a shaking camera."""
        if self._colour.follow(small, self.scene, ~self._apart):
            log.info("the colours of the camera have changed")
            self._begin(small, t)
        early = t < self._first + self._settings.settle_seconds
        steady = self._flicker.apply(small, self.scene.expected, ~self._apart, early)
        self.scene.tolerate_flicker(self._settings.flicker_tolerance * self._flicker.amplitude)
        steady = self._stabiliser.apply(steady, self.scene.expected, ~self._apart, early)
        self._troubled = self._troubled if self._flicker.active or self._stabiliser.active else t
        self.trouble = self._trouble() if t - self._troubled >= self._settings.trouble_seconds else None
        if self.trouble and self.trouble not in self._warned:
            self._warned.add(self.trouble)
            log.warning("%s", self.trouble)
        return steady

    def rest(self, t: float) -> None:
        """Note a picture in which nothing differs, once the disturbances are taken off."""
        self._flicker.rest()
        self._stabiliser.rest()
        if not self._flicker.active and not self._stabiliser.active:
            self._troubled, self.trouble = t, None

    def _trouble(self) -> str | None:
        if self._flicker.active:
            return "a lamp flickers in view; set camera.mains to its frequency, 50 or 60, or use another lamp"
        return "the camera shakes; fasten it" if self._stabiliser.active else None

    def is_settling(self, small: Image, t: float) -> bool:
        """Whether exposure is still far from where it was at the start; it goes one way, and a lamp's flicker both."""
        if t >= self._settled:
            return False
        gains = row_gains(small, self.scene.expected, np.ones(small.shape[:2], np.bool_), self._settings)
        change = float(np.median(gains))
        if abs(change) > self._settings.settle_log_gain:
            same_way, self._exposure = change * self._exposure >= 0, change
            return same_way
        even = evened(small, self.scene.expected, gains, self._settings)
        unlike = illumination.differs(even, self.scene.expected, self.scene.tolerance)
        return bool(unlike.mean() > self._settings.majority_share)

    def is_due(self, t: float) -> bool:
        """Whether the expected picture is to be updated."""
        return self._updates < self._settings.quick_updates or t - self._updated >= self._settings.update_seconds

    def relearn(self, small: Image, t: float) -> None:
        """Take this picture for the scene; it must have no layers."""
        self.scene.show(np.ones(small.shape[:2], np.bool_), small.astype(np.float32), self._blown(small))
        self._begin(small, t)
        self._settled = min(t + self._settings.settle_seconds, self._settle_end)

    def view(self, small: Image, t: float) -> Comparison:
        """Given the next picture in which something differs, compare it."""
        scene, settings = self.scene, self._settings
        self._gain = illumination.best_gain(small, scene.seen, scene.tolerance, self._gain, settings)
        self._light = self._field(small, ~self._apart)
        self._still.update(small, self._gain, scene, t, self._stabiliser.active)
        expected = as_bytes(scene.seen * self._light)
        differing, odd, strong = illumination.compare(small, expected, scene.tolerance, settings)
        masks = objects(differing, odd, strong, settings)
        masks = illumination.without_light(small, expected, scene.tolerance, masks, settings)
        masks = completed(masks, differing, odd, settings)
        self._apart = grown(np.logical_or.reduce([odd, *masks]), self._settings.near_pixels)
        plain = np.asarray(small / self._light, np.float32)
        return Comparison(small, plain, self._blown(small), t, expected, differing, odd, masks)

    def lit(self, background: Floats) -> Image:
        """The picture that another background would give in the light of the last view."""
        return as_bytes(background * self._light)

    def objects_before(self, background: Floats, view: Comparison) -> list[Mask]:
        """What may be objects in a view of another background."""
        lit = self.lit(background)
        return objects(*illumination.compare(view.small, lit, self.scene.tolerance, self._settings), self._settings)

    def rests(self, mask: Mask, view: Comparison, seconds: float) -> bool:
        """Whether a region has been still for so long."""
        return self._still.rests(mask, view.differing, view.t - seconds)

    def realign(self, view: Comparison) -> bool:
        """Whether the camera was bumped; if so, expect what it sees now."""
        self.aligned = view.t
        least, best = int(np.count_nonzero(view.odd)) / 2, None
        for warp in find_warps(view.small, view.expected, self._settings):
            expected = as_bytes(warped(self.scene.seen, warp) * self._light)
            odd = illumination.compare(view.small, expected, self.scene.tolerance, self._settings)[1]
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
            self.scene.follow(small.astype(np.float32), self._blown(small), everywhere, self._weight(t))
            self._note_update(small, t)

    def learn(self, view: Comparison) -> None:
        """Follow what is as expected, and what has been lit otherwise for a while, if it is time."""
        if not self.is_due(view.t):
            return
        near = [grown(mask, self._settings.near_pixels) for mask in view.masks]
        restless = self._still.changed > view.t - self._settings.lit_seconds
        lit = apart(view.differing, restless, near, self._settings)
        weight = self._weight(view.t)
        self.scene.follow(view.plain, view.blown, ~self._apart & ~view.differing, weight)
        self.scene.follow(view.plain, view.blown, lit, 0.7, alone=True)
        clear = ~self._apart & (self._still.moved < view.t - self._settings.steady_seconds)
        if clear.mean() > self._settings.majority_share:  # else what covers the scene would pass for its light
            self._relight(self._field(view.small, clear) ** weight)
        self._note_update(view.small, view.t)

    def _blown(self, small: Image) -> Mask:
        return np.asarray(small >= self._settings.white_level)

    def _field(self, small: Image, known: Mask) -> Floats:
        return illumination.field(small, self.scene.seen * self._gain, known, self._settings) * self._gain

    def _relight(self, gain: Floats) -> None:
        self.scene.relight(gain)
        mean = gain.mean((0, 1))
        self._still.relight(mean)
        self._gain = self._gain / mean

    def _weight(self, t: float) -> float:
        passed = (t - self._updated) / self._settings.follow_seconds
        return max(1 - math.exp(-passed), 1 / (self._updates + 2))

    def _note_update(self, small: Image, t: float) -> None:
        noise = illumination.noise(small, self.scene.expected, self._settings)
        self.scene.noise += max(0.2, 1 / (self._updates + 1)) * (noise - self.scene.noise)
        self._updates, self._updated = self._updates + 1, t
