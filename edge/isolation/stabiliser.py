"""Holds the picture of a camera that shakes by fractions of a pixel, from wind or a compressor, still.

The shift to the expected picture by the gradient method (Lucas and Kanade 1981), with what fits worst left out, since
hands and new objects move on their own. The picture is moved back only while the shift keeps changing.
"""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.isolation.disturbance import Disturbance
from edge.isolation.downscale import Floats, Mask
from edge.isolation.settings import IsolationSettings
from edge.types import Image

ROUNDS = 3
"""Rounds of the gradient method, each of which starts from the last one's shift."""


class Stabiliser:
    """Follows the shift. active: whether the camera shakes."""

    def __init__(self, settings: IsolationSettings) -> None:
        """Begin with a camera at rest."""
        self._settings = settings
        self._disturbance = Disturbance(settings.shake_pixels, settings)
        self._last = np.zeros(2, np.float32)

    @property
    def active(self) -> bool:
        return self._disturbance.active

    def rest(self) -> None:
        """Note a picture in which nothing differs."""
        self._disturbance.rest()

    def apply(self, small: Image, expected: Image, known: Mask, early: bool) -> Image:
        """Given a picture, the expected one and where it shows the scene, return it where it is expected to be.

        early: whether it is one of the first, so that a few must do.
        """
        shift = _shift(small, expected, known, self._settings)
        if shift is None:
            return small
        self._disturbance.note(float(np.hypot(*(shift - self._last))), early)
        self._last = shift
        return np.asarray(_moved(small, shift), np.uint8) if self.active else small


def _moved(picture: Image | Floats, shift: Floats) -> npt.NDArray[Any]:
    matrix = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], np.float32)
    size = picture.shape[1], picture.shape[0]
    return cv2.warpAffine(picture, matrix, size, None, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE)


def _shift(small: Image, expected: Image, known: Mask, settings: IsolationSettings) -> Floats | None:
    """By how many pixels, to the right and down, the picture is off; None where that cannot be told."""
    now, then = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float32) for each in (small, expected))
    now *= np.median(then[::3, ::3]) / max(1.0, float(np.median(now[::3, ::3])))
    right, down = (cv2.Sobel(then, cv2.CV_32F, x, y, ksize=3) / 8 for x, y in ((1, 0), (0, 1)))
    shift = np.zeros(2, np.float32)
    for _ in range(ROUNDS):
        error = np.asarray(_moved(now, shift) - then)
        usual = float(np.median(np.abs(error)[::3, ::3]))
        slope = np.hypot(right, down)
        fits = known & (np.abs(error) < 4 * usual + settings.least_levels + slope)
        if fits.mean() < settings.majority_share:
            return None
        a, b, e = right[fits], down[fits], error[fits]
        normal = np.array([[a @ a, a @ b], [a @ b, b @ b]], np.float64)
        if np.linalg.det(normal) < settings.flat_variance**2:
            return None
        shift = (shift - np.linalg.solve(normal, [a @ e, b @ e])).astype(np.float32)
        if np.abs(shift).max() > settings.most_shake_pixels:
            return None
    return shift
