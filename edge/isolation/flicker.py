"""Takes off the light of lamps on the mains, which flickers: as a whole, or in bands that roll through the picture.

A rolling shutter reads one row after another, so that a flickering lamp lights each row by its own gain (Poplin, IEEE
Trans. Consumer Electronics 2006). The gain of a row is the median of its ratios to the expected picture, per channel.
It is divided out only while it keeps changing from picture to picture, so a steady scene costs nothing. Limits: a row
of which nothing known is in view gets what the others suggest; where the sensor was at its end, it is believed.
"""

from collections import deque

import numpy as np

from edge.isolation.disturbance import Disturbance
from edge.isolation.downscale import Floats, Mask, as_bytes
from edge.isolation.settings import IsolationSettings
from edge.types import Image

RIDGE = 0.5
"""Added to the normal equations, in rows: waves that the rows do not tell apart stay small."""


class FlickerFilter:
    """Follows the gains of the rows. active: whether they flicker. amplitude: by which part of the light."""

    def __init__(self, settings: IsolationSettings) -> None:
        """Begin with steady light."""
        self._settings = settings
        self._disturbance = Disturbance(settings.flicker_share, settings)
        self._gains: deque[Floats] = deque(maxlen=1 + settings.slow_pictures)
        self.amplitude = 0.0
        self._even: Image | None = None

    @property
    def active(self) -> bool:
        return self._disturbance.active

    def rest(self) -> None:
        """Note a picture in which nothing differs."""
        self._disturbance.rest()

    def apply(self, small: Image, expected: Image, known: Mask, early: bool) -> Image:
        """Given a picture, the expected one and where it shows the scene, return it in the light that is expected.

        early: whether it is one of the first, so that a few must do.
        """
        gains = row_gains(small, expected, known, self._settings)
        self._gains.append(gains)
        slow = gains - self._gains[0]
        changes = gains - self._gains[max(0, len(self._gains) - 2)], slow - np.median(slow, axis=0)
        self._disturbance.note(max(_usual_change(change) for change in changes), early)
        spread = float(np.ptp(np.stack(self._gains), axis=0).max()) / 2 if self.active else 0.0
        self.amplitude = max(round(spread, 2), self.amplitude - 0.01 if self.active else 0.0)
        if not self.active:
            self._even = None
            return small
        lower = expected if self._even is None else np.maximum(expected, self._even)
        self._even = evened(small, lower, gains, self._settings)
        return self._even


def _usual_change(gains: Floats) -> float:
    """What 70 % of the rows exceed: a lamp lights all of them, somebody who passes hides fewer."""
    return float(np.percentile(np.abs(gains), 30))


def evened(small: Image, least: Image, gains: Floats, settings: IsolationSettings) -> Image:
    """Given a picture and its rows' gains, divide these out; `least` is the least of a blown pixel."""
    steady = as_bytes(np.asarray(small * np.exp(-gains)[:, None], np.float32))
    blown = np.asarray((small >= settings.white_level) & (steady < least))
    steady[blown] = least[blown]
    return steady


def row_gains(small: Image, expected: Image, known: Mask, settings: IsolationSettings) -> Floats:
    """The logarithms of the gains of the rows, (h, 3), by what is known to show the scene."""
    step = settings.sample_pixels - 1
    now, then = small[:, ::step].astype(np.float32), expected[:, ::step].astype(np.float32)
    told = np.asarray((known[:, ::step, None] & (now < settings.white_level) & (then > 8)).all(2))
    ratios = np.where(told[..., None], np.log((now + 1) / (then + 1)), np.float32(np.nan))
    ratios.sort(axis=1)  # those that are not told come last
    count = np.count_nonzero(told, axis=1)
    medians = np.take_along_axis(ratios, (count // 2)[:, None, None].clip(max=ratios.shape[1] - 1), axis=1)[:, 0]
    good = count > settings.told_share * told.shape[1]
    if not good.any():
        return np.zeros_like(medians)
    return _smooth(medians, good, settings)


def _smooth(gains: Floats, good: Mask, settings: IsolationSettings) -> Floats:
    """Given the gains of rows and which can be told, (h,), return them as a sum of a few waves.

    Bands are smooth. A row that stands out shows what has moved, such as the edge of the table after a bump.
    """
    height = len(gains)
    waves = np.cos(np.pi * np.arange(1 + settings.band_half_waves) * (np.arange(height)[:, None] + 0.5) / height)
    if np.count_nonzero(good) < 2 * waves.shape[1]:
        return np.tile(np.median(gains[good], axis=0), (height, 1)).astype(np.float32)
    for _ in range(3):
        within = waves[good]
        factors = np.linalg.solve(within.T @ within + RIDGE * np.eye(waves.shape[1]), within.T @ gains[good])
        smooth = np.asarray(waves @ factors, np.float32)
        error = np.abs(gains - smooth).max(1)
        fits = good & (error <= settings.stray_row_ratio * np.median(error[good]) + settings.flicker_share)
        if np.count_nonzero(fits) < waves.shape[1]:
            break
        good = fits
    return smooth
