"""What spoils every picture of a real camera: lamps on the mains, a shaking mount, night mode, a glossy table."""

from dataclasses import dataclass

import cv2
import numpy as np

from edge.types import Image

BANDS, ROLLING = 1.3, 0.7
"""Bands of a lamp in the height of the picture, and by how much of one they roll on from frame to frame."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """None as it is made.

    bands: depth of the bands that a rolling shutter makes of a flickering lamp, in [0, 1). flicker: the same for all of
    the picture at once. shake: pixels by which the picture moves at most, from frame to frame. night: seconds between
    which the camera has no colour, and a fifth less light. gloss: part of its light that the table mirrors, in [0, 1).
    """

    bands: float = 0.0
    flicker: float = 0.0
    shake: float = 0.0
    night: tuple[float, float] | None = None
    gloss: float = 0.0

    def scene(self, picture: Image, rng: np.random.Generator) -> Image:
        """Given the picture of a stage, return where the sensor sees it."""
        if not self.shake:
            return picture
        right, down = rng.uniform(-self.shake, self.shake, 2)
        warp = np.array([[1, 0, right], [0, 1, down]], np.float32)
        size = picture.shape[1], picture.shape[0]
        return np.asarray(cv2.warpAffine(picture, warp, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)

    def readout(self, picture: Image, index: int, t: float, rng: np.random.Generator) -> Image:
        """Given the sensor's picture, the frame's number and its time, return what the camera gives."""
        if self.bands or self.flicker:
            rows = np.arange(len(picture)) / len(picture)
            gain = 1 + self.bands * np.sin(2 * np.pi * (BANDS * rows + ROLLING * index))
            gain *= 1 + self.flicker * rng.uniform(-1, 1)
            picture = np.clip(picture * gain[:, None, None], 0, 255).astype(np.uint8)
        if self.night and self.night[0] <= t < self.night[1]:
            grey = cv2.convertScaleAbs(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), alpha=0.8)
            picture = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
        return picture
