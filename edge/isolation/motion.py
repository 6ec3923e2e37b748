"""How long each pixel has looked as it does now, on the clock of the frames, however many of them there were."""

import numpy as np

from edge.isolation import illumination
from edge.isolation.downscale import Floats, Mask, as_bytes
from edge.isolation.masks import grown, outline, without_specks
from edge.isolation.reference import Reference
from edge.isolation.settings import IsolationSettings
from edge.types import Image


class MotionHistory:
    """Compares each frame with the picture from when each pixel last changed, so that slow motion adds up.

    changed: seconds at which a pixel last changed. moved: at which it did and no change of light explains it.
    """

    def __init__(self, small: Image, t: float, settings: IsolationSettings) -> None:
        """Given the first picture and its time, begin: everything has just moved."""
        self._settings = settings
        self._anchor = small.astype(np.float32)
        self.changed = np.full(small.shape[:2], t, np.float64)
        self.moved = self.changed.copy()

    def update(self, small: Image, gain: Floats, scene: Reference, t: float, shaking: bool) -> None:
        """Given a frame, its gain over the scene's picture, (3,), and the scene, note what changed.

        shaking: whether the frame was moved back from where a shaking camera saw it.
        """
        before = as_bytes(self._anchor * gain)
        shimmer = self._settings.shaken_shimmer_share if shaking else self._settings.shimmer_share
        allowed = scene.allowed(before, noisy=True, edge_share=shimmer)
        changed, moved, _ = illumination.compare(small, before, allowed, self._settings)
        changed, moved = without_specks(changed), without_specks(moved)
        self._anchor[changed] = small[changed] / gain
        self.changed[changed] = t
        self.moved[moved] = t

    def relight(self, gain: Floats) -> None:
        """Follow the scene when its light changes."""
        self._anchor *= gain

    def rests(self, mask: Mask, differing: Mask, since: float) -> bool:
        """Whether a region, and what differs beside it, has been still since then."""
        around = mask | (grown(mask, self._settings.beside_pixels) & differing)
        stirring = np.count_nonzero(self.moved[around] > since)
        return bool(stirring <= self._settings.stir_share * np.count_nonzero(outline(mask)))
