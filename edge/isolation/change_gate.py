"""Whether a frame looks as one did a moment ago: a quick look, in grey, at a part of the rows.

It costs a third of shrinking a frame in colour, and while nothing happens it is all that is done between two whole
looks. What it does not see, a thing that differs in colour but not in brightness, the next whole look sees.
"""

import cv2
import numpy as np

from edge.isolation.settings import IsolationSettings
from edge.types import Image


class ChangeGate:
    """Compares frames with the one that was remembered, in buffers that are allocated once."""

    def __init__(self, settings: IsolationSettings) -> None:
        """Begin with nothing remembered."""
        self._settings = settings
        self._shape: tuple[int, ...] = ()

    def remember(self, picture: Image, noise: float) -> None:
        """Compare with this picture, (h, w, 3), from now on. noise: of the small picture, in grey levels."""
        if picture.shape != self._shape:
            self._allocate(picture.shape)
        self._look(picture, self._then)
        grain = self._settings.noise_sigmas * self._settings.glance_noise_ratio * noise
        self._far.fill(min(255, round(max(self._settings.least_levels, grain))))

    def is_same(self, picture: Image) -> bool:
        """Whether a picture looks as the remembered one."""
        if picture.shape != self._shape:
            return False
        self._look(picture, self._now)
        cv2.absdiff(self._now, self._then, dst=self._now)
        cv2.compare(self._now, self._far, cv2.CMP_GT, dst=self._now)
        return cv2.countNonZero(self._now) <= self._settings.calm_share * self._now.size

    def _look(self, picture: Image, into: Image) -> None:
        cv2.cvtColor(picture[:: self._step], cv2.COLOR_RGB2GRAY, dst=self._rows)
        height, width = into.shape
        cv2.resize(self._rows[: 2 * height, : 2 * width], (width, height), dst=into, interpolation=cv2.INTER_AREA)

    def _allocate(self, shape: tuple[int, ...]) -> None:
        self._shape, self._step = shape, max(1, shape[0] // self._settings.glance_rows)
        rows, columns = len(range(0, shape[0], self._step)), shape[1]
        self._rows: Image = np.empty((rows, columns), np.uint8)
        self._now: Image = np.empty((max(1, rows // 2), max(1, columns // 2)), np.uint8)
        self._then, self._far = np.empty_like(self._now), np.empty_like(self._now)
