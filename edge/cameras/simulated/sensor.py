"""What a camera makes of a scene: light that drifts and flickers, automatic exposure that is slow, noise."""

import cv2
import numpy as np

from edge.cameras.simulated.sprites import Floats
from edge.cameras.simulated.stage import Stage, shading
from edge.types import Image

EXPOSES = 1.5
"""Seconds, the time constant of automatic exposure."""

GRAINS = 5
"""Pictures of noise that are drawn once and then shifted about."""


class Sensor:
    """One camera, with its faults by chance."""

    def __init__(self, width: int, height: int, rng: np.random.Generator) -> None:
        self._rng, self._size = rng, (width, height)
        shape = height + 32, width + 32, 3
        sigma = rng.uniform(1, 5)
        self._noise = [rng.normal(0, sigma, shape).astype(np.float32) for _ in range(GRAINS)]
        self._drift, self._period, self._phase = rng.uniform(0, 0.12), rng.uniform(30, 120), rng.uniform(0, 6)
        self._tint, self._flicker = rng.uniform(-0.04, 0.04), rng.uniform(0, 0.006)
        self._authority = rng.choice([0.0, 0.3, 0.6])
        self._wanted: float | None = None
        self._gain, self._last = 1.0, 0.0

    def __call__(self, picture: Image, stage: Stage, t: float) -> Image:
        """Given the picture of a stage in even light, and the time, return what the camera gives."""
        wave = np.sin(2 * np.pi * t / self._period + self._phase) - np.sin(self._phase)
        tint = 1 + self._tint * wave
        level = self._gain * np.exp(self._drift * wave) * (1 + self._rng.normal(0, self._flicker))
        gains = level * np.array(stage.light) * (tint, 1.0, 1 / tint)
        field = shading(stage, *self._size)
        if field is None:
            bend: Floats = np.clip(np.arange(256)[:, None] * gains[None], 0, 255).astype(np.float32)
            lit = np.asarray(cv2.LUT(picture, bend[None]), np.float32)
        else:
            light = cv2.merge([field * np.float32(gain) for gain in gains])
            lit = np.asarray(cv2.multiply(picture, light, dtype=cv2.CV_32F), np.float32)
        self._expose(lit, t)
        down, right = self._rng.integers(0, 33, 2)
        grain = self._noise[self._rng.integers(GRAINS)][down:, right:][: self._size[1], : self._size[0]]
        return np.asarray(cv2.add(lit, grain, dtype=cv2.CV_8U), np.uint8)

    def _expose(self, lit: Floats, t: float) -> None:
        mean = float(lit[::8, ::8].mean()) / self._gain
        self._wanted = self._wanted or mean
        aim = float(np.clip((self._wanted / mean) ** self._authority, 0.7, 1.4))
        self._gain += (aim - self._gain) * (1 - np.exp((self._last - t) / EXPOSES))
        self._last = t
