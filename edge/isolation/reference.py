"""What the camera is expected to see: the empty scene with the standing objects laid over it, in layers.

`seen` is the expected picture. Each layer has the mask of its object and `beneath`, the picture of what the object
hides, so that taking a layer away brings back the empty scene, as it was when it was last seen, but relit since.
What is visible follows slow changes of the light; what is hidden follows the light around it.
"""

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

from edge.isolation import illumination
from edge.isolation.downscale import Floats, Mask, Tolerance, as_bytes, bounds
from edge.isolation.masks import eroded, grown
from edge.isolation.registration import warped
from edge.isolation.settings import IsolationSettings
from edge.types import Box, Image


@dataclass(slots=True)
class Layer:
    """One standing object, or a guest: what has rested at the border for so long that it is taken for background.

    track: its number; below 0 for a guest. mask: (h, w) bool, with a pixel's width of its surroundings, where it shines
    in. beneath: (h, w, 3) float32, valid inside the mask. body: the mask without its image in a glossy table.
    """

    track: int
    mask: Mask
    beneath: Floats
    body: Mask

    @property
    def is_guest(self) -> bool:
        """Whether it is background while it stands, and no object."""
        return self.track < 0

    @property
    def box(self) -> Box:
        """The object's bounds in the small picture."""
        return bounds(eroded(self.body, 3))


@dataclass(slots=True)
class Reference:
    """The expected picture, its noise and its layers, later ones in front.

    seen: (h, w, 3) float32, grey levels. noise: standard deviation in grey levels.
    """

    seen: Floats
    settings: IsolationSettings
    noise: float = 1.5
    layers: list[Layer] = field(default_factory=list)
    flicker_share: float = 0.0
    """Part of the expected level by which a pixel may be off where lamps flicker."""
    expected: Image = field(init=False)
    """`seen` as bytes."""
    tolerance: Tolerance = field(init=False)
    """How far a picture may be from `expected`."""
    blown: Mask = field(init=False)
    """Where `seen` is only a lower bound, (h, w, 3): the sensor was at its end."""

    def __post_init__(self) -> None:
        self.blown = self.seen >= self.settings.white_level
        self.refresh()

    def refresh(self) -> None:
        """Derive what is derived from `seen` and `noise`."""
        self.expected = as_bytes(self.seen)
        self.tolerance = self.allowed(self.expected)

    def tolerate_flicker(self, share: float) -> None:
        """Given the part of the expected level by which lamps leave a pixel off, tolerate it."""
        if share != self.flicker_share:
            self.flicker_share = share
            self.refresh()

    def allowed(self, expected: Image, noisy: bool = False, edge_share: float | None = None) -> Tolerance:
        """How far a picture may be from an expected one; noisy: one that is a single frame, and no mean of many.

        edge_share: part of the local contrast by which edges may be off, if not as in the settings.
        """
        contrast = cv2.morphologyEx(expected, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        share = self.settings.edge_share if edge_share is None else edge_share
        sigma = self.noise * (math.sqrt(2) if noisy else 1)
        light = min(1.0, float(cv2.mean(expected)[1]) / self.settings.dim_level)
        least = max(self.settings.least_dim_levels, self.settings.least_levels * light)
        grain = max(least, self.settings.noise_sigmas * sigma)
        far = np.asarray(cv2.addWeighted(contrast, share, expected, self.flicker_share, grain), np.uint8)
        return Tolerance(far, np.where(self.blown, np.uint8(255), far) if self.blown.any() else far)

    def empty(self) -> Floats:
        """The scene without any object; guests belong to it."""
        picture = self.seen.copy()
        for layer in reversed(self.layers):
            if not layer.is_guest:
                picture[layer.mask] = layer.beneath[layer.mask]
        return picture

    def without(self, layer: Layer) -> Floats:
        """The scene without this object."""
        picture, visible = self.seen.copy(), self.visible(layer)
        picture[visible] = layer.beneath[visible]
        return picture

    def visible(self, layer: Layer) -> Mask:
        """The part of an object that no later one covers."""
        mask = layer.mask.copy()
        for later in self.layers[self.layers.index(layer) + 1 :]:
            mask &= ~later.mask
        return mask

    def add(self, track: int, mask: Mask, picture: Floats, blown: Mask, body: Mask | None = None) -> Layer:
        """Given an object's own mask and a picture of the scene with it, lay it in front of all others; see `show`.

        body: the mask without its image in a glossy table, where it has one.
        """
        mask = grown(mask, 1)
        layer = Layer(track, mask, self.seen.copy(), mask if body is None else grown(body, 1))
        self.layers.append(layer)
        self.show(mask, picture, blown)
        return layer

    def remove(self, layer: Layer) -> None:
        """Take an object away: what it hid is expected again."""
        place = self.layers.index(layer)
        bare = layer.mask.copy()
        for later in self.layers[place + 1 :]:
            both = bare & later.mask
            later.beneath[both] = layer.beneath[both]
            bare &= ~later.mask
        del self.layers[place]
        self.show(bare, layer.beneath, np.zeros_like(self.blown))

    def extend(self, layer: Layer, mask: Mask, picture: Floats, blown: Mask) -> None:
        """Make a region a part of an object; `beneath` holds what it hid already, as it does for the whole picture."""
        mask = grown(mask, 1)
        layer.mask, layer.body = layer.mask | mask, layer.body | mask
        self.show(mask, picture, blown)

    def keep(self, layer: Layer) -> None:
        """Make an object part of the background for good."""
        self.layers.remove(layer)

    def show(self, mask: Mask, picture: Floats, blown: Mask) -> None:
        """Expect, inside the mask, what the picture shows; blown: where the sensor was at its end, (h, w, 3)."""
        self.seen[mask] = picture[mask]
        self.blown[mask] = blown[mask]
        self.refresh()

    def relight(self, gain: Floats) -> None:
        """Multiply everything by a gain, (3,) for the channels."""
        self.seen *= gain
        for layer in self.layers:
            layer.beneath *= gain
        self.refresh()

    def follow(self, picture: Floats, blown: Mask, where: Mask, weight: float, alone: bool = False) -> None:
        """Move towards a picture, by a weight in (0, 1], inside the mask, but for its blown channels, (h, w, 3).

        Hidden pixels change as those of the empty scene around them do, whatever becomes of the object that hides them;
        alone: not at all, since the change is one of this place.
        """
        before = self.seen.copy() if self.layers and not alone else None
        known = np.where(blown, self.seen, picture) if blown.any() else picture
        cv2.accumulateWeighted(known, self.seen, weight, where.view(np.uint8))
        if self.blown.any():
            self.blown &= blown | (np.abs(picture - self.seen) > self.settings.least_levels) | ~where[..., None]
        if before is not None:
            bare = where & ~np.logical_or.reduce([layer.mask for layer in self.layers])
            gain = illumination.field(self.seen, before, bare, self.settings)
            for layer in self.layers:
                layer.beneath *= gain
        self.refresh()

    def warp(self, matrix: Floats, picture: Floats) -> None:
        """Given the affine map from a picture's pixels to the expected ones, expect what the picture shows."""
        inside = warped(np.ones_like(self.seen), matrix, outside=0.0) > 0.5
        self.seen = np.where(inside, warped(self.seen, matrix), picture)
        self.blown = warped(self.blown.astype(np.float32), matrix) > 0
        for layer in self.layers:
            layer.mask = warped(layer.mask.astype(np.float32), matrix, outside=0.0) > 0.5
            layer.body = warped(layer.body.astype(np.float32), matrix, outside=0.0) > 0.5
            layer.beneath = warped(layer.beneath, matrix)
        self.refresh()
