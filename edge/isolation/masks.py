"""From pixels that differ to regions that may be objects."""

import cv2
import numpy as np

from edge.isolation.downscale import Mask, bounds
from edge.isolation.settings import IsolationSettings


def objects(differing: Mask, odd: Mask, strong: Mask, settings: IsolationSettings) -> list[Mask]:
    """Given where a picture differs, where it cannot be light, and where it differs strongly, return possible objects.

    Each is a filled region, (h, w) bool, with enough strong evidence in it: remnants of light give little.
    """
    region = _morph(differing, cv2.MORPH_CLOSE, 5)
    whole = _morph(_morph(odd, cv2.MORPH_CLOSE, settings.bridge_pixels) & region, cv2.MORPH_OPEN, 3)
    masks = []
    things = _filled(_upright(whole, settings.lowest_pixels))
    for mask in (part for thing in things for part in _without_foot(thing, settings)):
        too_small = np.count_nonzero(mask) < settings.smallest_share * mask.size
        if too_small or not eroded(mask, settings.thick_pixels).any():
            continue
        if share(odd & strong, mask) >= settings.strong_share:
            masks.append(mask)
    return masks


def _without_foot(mask: Mask, settings: IsolationSettings) -> list[Mask]:
    """The parts of a filled region that are upright for its height: neighbours whose shadows touch are two.

    An object alone and clear of the border keeps its shadow, which comes and goes with it. A large region stays as it
    is: it is somebody, or all of a view that has changed.
    """
    tall = round(settings.foot_share * bounds(mask).height) | 1  # an even kernel would shift it
    if tall <= settings.lowest_pixels or is_large(mask, settings):
        return [mask]
    smallest = settings.smallest_share * mask.size
    parts = [part for part in _filled(_upright(mask, tall)) if np.count_nonzero(part) >= smallest]
    return parts if at_border(mask, settings) or len(parts) > 1 else [mask]


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


def apart(differing: Mask, restless: Mask, masks: list[Mask], settings: IsolationSettings) -> Mask:
    """Given where a picture differs, where it has changed of late and what may be objects, return what else differs.

    That is, those connected regions that touch no object and are still throughout.
    """
    labels = cv2.connectedComponents(_morph(differing, cv2.MORPH_CLOSE, 3).view(np.uint8))[1]
    size, stirring = np.bincount(labels.ravel()), np.bincount(labels.ravel(), restless.ravel())
    steady = stirring <= settings.restless_share * size
    for mask in masks:
        steady[labels[mask]] = False
    steady[0] = False
    return np.asarray(steady[labels] & differing)


def grown(mask: Mask, pixels: int) -> Mask:
    """The mask and all within so many pixels, along rows and columns, of it."""
    return _morph(mask, cv2.MORPH_DILATE, 2 * pixels + 1)


def outline(mask: Mask) -> Mask:
    """The pixels of a mask that have neighbours outside of it."""
    return mask & ~eroded(mask, 3)


def eroded(mask: Mask, size: int) -> Mask:
    """The pixels of a mask around which a square, so many pixels wide, lies in it."""
    return _morph(mask, cv2.MORPH_ERODE, size)


def without_specks(mask: Mask) -> Mask:
    """The mask without pixels that have fewer than two neighbours in it: noise has none."""
    count = cv2.boxFilter(mask.view(np.uint8), -1, (3, 3), normalize=False)
    return np.asarray(mask & (count >= 3))


def at_border(mask: Mask, settings: IsolationSettings) -> bool:
    """Whether the mask reaches the border of the picture, or all but reaches it."""
    edge = settings.border_pixels
    return bool(mask[:edge].any() or mask[-edge:].any() or mask[:, :edge].any() or mask[:, -edge:].any())


def is_large(mask: Mask, settings: IsolationSettings) -> bool:
    """Whether the mask is as tall or as wide as a person, and hardly a product, before a fixed camera."""
    box = bounds(mask)
    height, width = mask.shape
    return bool(box.height > settings.large_share * height or box.width > settings.large_share * width)


def share(part: Mask, whole: Mask) -> float:
    """How much of a mask lies in another, in [0, 1]; 0 for an empty one."""
    return float(np.count_nonzero(part & whole)) / max(1.0, float(np.count_nonzero(whole)))


def _morph(mask: Mask, operation: int, size: int) -> Mask:
    return cv2.morphologyEx(mask.view(np.uint8), operation, np.ones((size, size), np.uint8)).view(np.bool_)
