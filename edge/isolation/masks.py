"""From pixels that differ to regions that may be objects."""

import cv2
import numpy as np

from edge.isolation.downscale import Mask, bounds

SMALLEST = 0.002
"""Part of the picture that an object covers at least."""

THICK = 5
"""Pixels, both ways, of an object at its thickest; the edges of shadows are thinner."""

EDGE = 3
"""Pixels at the border in which an object counts as cut off."""

LARGE = 0.75
"""Part of the picture's height or width that few products reach."""

SOLID = 0.3
"""Part of an object that differs strongly."""

FOOT, LOWEST = 0.2, 5
"""Part of an object's height, and pixels: what is less tall at its side is the shadow or reflection at its foot."""

RESTLESS = 0.05
"""Part of a region that may flicker while it counts as still."""

BRIDGE = 9
"""Pixels that may lie between the parts of one object that show: glass and plain labels hardly differ in places."""


def objects(differing: Mask, odd: Mask, strong: Mask) -> list[Mask]:
    """Given where a picture differs, where it cannot be light, and where it differs strongly, return possible objects.

    Each is a filled region, (h, w) bool, with enough strong evidence in it: remnants of light give little.
    """
    region = _morph(differing, cv2.MORPH_CLOSE, 5)
    whole = _morph(_morph(odd, cv2.MORPH_CLOSE, BRIDGE) & region, cv2.MORPH_OPEN, 3)
    masks = []
    for mask in (part for thing in _filled(_upright(whole, LOWEST)) for part in _without_foot(thing)):
        if np.count_nonzero(mask) < SMALLEST * mask.size or not _morph(mask, cv2.MORPH_ERODE, THICK).any():
            continue
        if share(odd & strong, mask) >= SOLID:
            masks.append(mask)
    return masks


def _without_foot(mask: Mask) -> list[Mask]:
    """The parts of a filled region that are upright for its height: neighbours whose shadows touch are two.

    An object alone and clear of the border keeps its shadow, which comes and goes with it. A large region stays as it
    is: it is somebody, or all of a view that has changed.
    """
    tall = round(FOOT * bounds(mask).height) | 1  # an even kernel would shift it
    if tall <= LOWEST or is_large(mask):
        return [mask]
    parts = [part for part in _filled(_upright(mask, tall)) if np.count_nonzero(part) >= SMALLEST * part.size]
    return parts if at_border(mask) or len(parts) > 1 else [mask]


def _filled(mask: Mask) -> list[Mask]:
    """The connected regions of a mask, each without holes."""
    regions = []
    for contour in cv2.findContours(mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        filled = np.zeros(mask.shape, np.uint8)
        cv2.drawContours(filled, [contour], -1, 1, cv2.FILLED)
        regions.append(filled.view(np.bool_))
    return regions


def _upright(mask: Mask, tall: int) -> Mask:
    """The mask without what is less tall, in pixels, than that."""
    return cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_OPEN, np.ones((tall, 1), np.uint8)).view(np.bool_)


def apart(differing: Mask, restless: Mask, masks: list[Mask]) -> Mask:
    """Given where a picture differs, where it has changed of late and what may be objects, return what else differs.

    That is, those connected regions that touch no object and are still throughout.
    """
    labels = cv2.connectedComponents(_morph(differing, cv2.MORPH_CLOSE, 3).view(np.uint8))[1]
    steady = np.bincount(labels.ravel(), restless.ravel()) <= RESTLESS * np.bincount(labels.ravel())
    for mask in masks:
        steady[labels[mask]] = False
    steady[0] = False
    return np.asarray(steady[labels] & differing)


def grown(mask: Mask, pixels: int) -> Mask:
    """The mask and all within so many pixels, along rows and columns, of it."""
    return _morph(mask, cv2.MORPH_DILATE, 2 * pixels + 1)


def outline(mask: Mask) -> Mask:
    """The pixels of a mask that have neighbours outside of it."""
    return mask & ~_morph(mask, cv2.MORPH_ERODE, 3)


def without_specks(mask: Mask) -> Mask:
    """The mask without pixels that have fewer than two neighbours in it: noise has none."""
    count = cv2.boxFilter(mask.view(np.uint8), -1, (3, 3), normalize=False)
    return np.asarray(mask & (count >= 3))


def at_border(mask: Mask) -> bool:
    """Whether the mask reaches the border of the picture, or all but reaches it."""
    return bool(mask[:EDGE].any() or mask[-EDGE:].any() or mask[:, :EDGE].any() or mask[:, -EDGE:].any())


def is_large(mask: Mask) -> bool:
    """Whether the mask is as tall or as wide as a person, and hardly a product, before a fixed camera."""
    box = bounds(mask)
    return bool(box.height > LARGE * mask.shape[0] or box.width > LARGE * mask.shape[1])


def share(part: Mask, whole: Mask) -> float:
    """How much of a mask lies in another, in [0, 1]; 0 for an empty one."""
    return float(np.count_nonzero(part & whole)) / max(1.0, float(np.count_nonzero(whole)))


def _morph(mask: Mask, operation: int, size: int) -> Mask:
    return cv2.morphologyEx(mask.view(np.uint8), operation, np.ones((size, size), np.uint8)).view(np.bool_)
