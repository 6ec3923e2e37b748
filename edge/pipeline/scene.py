"""What the camera is expected to see: the empty scene with the standing objects laid over it, in layers.

`seen` is the expected picture. Each layer has the mask of its object and `beneath`, the picture of what the object
hides, so that taking a layer away brings back the empty scene, as it was when it was last seen and relit since.
What is visible follows slow drift of the light; what is hidden follows the change of light around it.
"""

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.types import Box, Image

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

SIGMAS = 5.0
"""A pixel differs when it is this many standard deviations of the noise away from what is expected."""

LEAST = 8.0
"""Grey levels by which a pixel must differ however quiet the sensor: compression and rounding are not noise."""

EDGE = 0.3
"""Part of the local contrast that is tolerated on top: edges shimmer by fractions of a pixel."""

FOLLOW = 3.0
"""Seconds, the time constant with which the expected picture follows the light."""


@dataclass(slots=True)
class Layer:
    """One standing object. mask: (h, w) bool. beneath: (h, w, 3) float32, valid inside the mask."""

    track: int
    mask: Mask
    beneath: Floats

    @property
    def box(self) -> Box:
        """Its bounds in the small picture."""
        return bounds(self.mask)


@dataclass(slots=True)
class Scene:
    """The expected picture, its noise and its layers, later ones in front."""

    seen: Floats
    noise: float = 1.5
    layers: list[Layer] = field(default_factory=list)
    expected: Image = field(init=False)
    """`seen` as bytes."""
    tolerance: Image = field(init=False)
    """How far a pixel may be from `expected`, (h, w, 3) uint8."""

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Derive what is derived from `seen` and `noise`."""
        self.expected = as_bytes(self.seen)
        grain = max(LEAST, SIGMAS * self.noise)
        contrast = cv2.morphologyEx(self.expected, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        self.tolerance = np.asarray(cv2.convertScaleAbs(contrast, alpha=EDGE, beta=grain), np.uint8)

    def empty(self) -> Floats:
        """The scene without any object."""
        picture = self.seen.copy()
        for layer in reversed(self.layers):
            picture[layer.mask] = layer.beneath[layer.mask]
        return picture

    def visible(self, layer: Layer) -> Mask:
        """The part of an object that no later one covers."""
        mask = layer.mask.copy()
        for later in self.layers[self.layers.index(layer) + 1 :]:
            mask &= ~later.mask
        return mask

    def add(self, layer: Layer, picture: Floats) -> None:
        """Lay an object over the scene as this picture shows it."""
        layer.beneath[layer.mask] = self.seen[layer.mask]
        self.seen[layer.mask] = picture[layer.mask]
        self.layers.append(layer)
        self.refresh()

    def remove(self, layer: Layer) -> None:
        """Take an object away: what it hid is expected again."""
        place = self.layers.index(layer)
        bare = layer.mask.copy()
        for later in self.layers[place + 1 :]:
            both = bare & later.mask
            later.beneath[both] = layer.beneath[both]
            bare &= ~later.mask
        self.seen[bare] = layer.beneath[bare]
        del self.layers[place]
        self.refresh()

    def relight(self, gain: Floats) -> None:
        """Multiply everything by a gain: (3,) for the channels, or (h, w, 3)."""
        self.seen *= gain
        for layer in self.layers:
            layer.beneath *= gain
        self.refresh()

    def follow(self, small: Image, explained: Mask, seconds: float) -> None:
        """Given a picture and where it is as expected, move towards it; hidden pixels change as those around them."""
        weight = 1 - np.exp(-seconds / FOLLOW)
        before = self.seen.copy() if self.layers else None
        cv2.accumulateWeighted(small, self.seen, weight, explained.view(np.uint8))
        if before is not None:
            known = explained.astype(np.float32)[..., None]
            size = (31, 31)
            gain: Floats = np.divide(cv2.blur(self.seen * known, size) + 1, cv2.blur(before * known, size) + 1)
            for layer in self.layers:
                layer.beneath *= gain
        self.refresh()


def as_bytes(picture: npt.NDArray[np.floating[Any]]) -> Image:
    """Given a picture of numbers of at least 0, return it rounded, and cut off at 255."""
    return np.asarray(cv2.convertScaleAbs(picture), np.uint8)


def bounds(mask: Mask) -> Box:
    """The bounding box of a mask."""
    return Box(*cv2.boundingRect(mask.view(np.uint8)))
