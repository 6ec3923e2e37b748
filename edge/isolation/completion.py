"""Completes a clear object by its outline: of a bottle of water in poor light only the cap and the foot look otherwise.

Its body differs from what is expected no more than a shadow does, but has a sharp outline on both sides. So an object
grows over what differs between two such edges, row by row, while that stays below or above the object and makes it
taller. A shadow lies to one side, or has no sharp edges.
"""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.isolation.downscale import Mask, bounds
from edge.isolation.masks import at_border
from edge.isolation.settings import IsolationSettings

Numbers = npt.NDArray[np.integer[Any] | np.floating[Any]]
"""What OpenCV says that it returns; here 0 and 1."""


def completed(masks: list[Mask], differing: Mask, odd: Mask, settings: IsolationSettings) -> list[Mask]:
    """Given objects, where the picture differs and where no light explains it, return them, joined and completed."""
    seeds = [mask for mask in masks if not at_border(mask, settings)]
    if not seeds:
        return masks
    found = np.logical_or.reduce([odd, *seeds]).view(np.uint8)
    edges = _closed(found, settings.bridge_pixels, 3)
    across = _closed(edges, 1, settings.clear_width_pixels)
    region = _closed(differing.view(np.uint8), 5, 5)
    gaps = _closed(cv2.bitwise_and(across, region), settings.clear_gap_pixels, 1)
    upright = np.ones((settings.lowest_pixels, 3), np.uint8)
    body = cv2.morphologyEx(cv2.bitwise_and(gaps, region), cv2.MORPH_OPEN, upright)
    labels = cv2.connectedComponents(np.logical_or.reduce([body > 0, *seeds]).view(np.uint8))[1]
    result = [mask for mask in masks if at_border(mask, settings)]
    for label in dict.fromkeys(int(labels[mask][0]) for mask in seeds):
        parts, whole = [mask for mask in seeds if labels[mask][0] == label], np.asarray(labels == label)
        result += [whole] if _completes(whole, parts, settings) else parts
    return result


def _closed(mask: Numbers, tall: int, wide: int) -> Numbers:
    return cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((tall, wide), np.uint8))


def _completes(whole: Mask, parts: list[Mask], settings: IsolationSettings) -> bool:
    """Whether it makes the parts one upright object: taller, no wider than such are, and on the same axis."""
    box, boxes = bounds(whole), [bounds(part) for part in parts]
    if at_border(whole, settings) or box.width > settings.clear_width_pixels:
        return False
    if box.height < settings.clear_growth * max(part.height for part in boxes):
        return False
    off = max(abs(part.x + part.width / 2 - box.x - box.width / 2) for part in boxes)
    return off <= settings.axis_share * box.width
