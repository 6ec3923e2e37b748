"""Follows a camera that loses its colours, as at night when it takes its infrared filter away, and gets them back.

The expected picture turns grey with the camera's: each channel becomes the sum of red, green and blue, weighted as a
least-squares fit to what is seen, which covers the brightness too. When the colours come back they are taken from the
picture, and for what objects hide from the empty scene as it was before. That something else happened instead, such as
a coloured object taken from a grey table, shows in that the grey picture does not fit.
"""

import numpy as np

from edge.isolation.downscale import Floats, Mask
from edge.isolation.reference import Reference
from edge.isolation.settings import IsolationSettings
from edge.types import Image


class ColourFollower:
    """Keeps the colours of the empty scene while the camera has none."""

    def __init__(self, settings: IsolationSettings) -> None:
        """Begin with a camera that has its colours."""
        self._settings = settings
        self._colours: Floats | None = None

    def follow(self, small: Image, scene: Reference, known: Mask) -> bool:
        """Given a picture, the scene and where it is known, return whether the scene was made to follow its colours."""
        if self._colours is None:
            return self._lose(small, scene, known & (_chroma(scene.expected) > self._settings.coloured_levels))
        return self._regain(small, scene, known & (_chroma(small) > self._settings.coloured_levels))

    def _lose(self, small: Image, scene: Reference, coloured: Mask) -> bool:
        settings = self._settings
        if coloured.mean() < settings.coloured_share or np.mean(_chroma(small)[coloured] > settings.grey_levels) > 0.1:
            return False
        now = small.mean(2)
        weights = np.linalg.lstsq(scene.seen[coloured], now[coloured], rcond=None)[0].clip(0)
        if not self._fits(now, scene.seen @ weights, coloured):
            return False
        self._colours = scene.empty()
        scene.seen = np.repeat(scene.seen @ weights, 3).reshape(scene.seen.shape).astype(np.float32)
        for layer in scene.layers:
            layer.beneath = np.repeat(layer.beneath @ weights, 3).reshape(layer.beneath.shape).astype(np.float32)
        scene.refresh()
        return True

    def _regain(self, small: Image, scene: Reference, coloured: Mask) -> bool:
        if self._colours is None or coloured.mean() < self._settings.coloured_share:
            return False
        then = scene.seen.mean(2)
        weights = np.linalg.lstsq(small[coloured].astype(np.float32), then[coloured], rcond=None)[0].clip(0)
        now = small @ weights
        if not self._fits(now, then, coloured):
            return False
        former = self._colours * np.float32(np.median(then) / max(1.0, float(np.median(self._colours @ weights))))
        as_before = np.abs(now - then) < self._settings.coloured_levels
        scene.seen = np.where(as_before[..., None], small, former).astype(np.float32)
        for layer in scene.layers:
            layer.beneath = former.copy()
        self._colours = None
        scene.refresh()
        return True

    def _fits(self, now: Floats, then: Floats, where: Mask) -> bool:
        return bool(np.mean(np.abs(now - then)[where] < self._settings.coloured_levels) > self._settings.bare_share)


def _chroma(picture: Image) -> Image:
    """How far the channels of each pixel are apart, in grey levels."""
    return np.asarray(picture.max(2) - picture.min(2), np.uint8)
