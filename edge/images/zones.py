"""Zones of a picture: polygons whose corners are parts of its width and height."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from edge.types import Image

Zones = Sequence[Sequence[tuple[float, float]]]
"""Polygons, each a list of corners (x, y), from (0, 0) at the top left to (1, 1) at the bottom right."""

ORANGE = (255, 120, 0)


def in_pixels(zones: Zones, width: int, height: int) -> list[npt.NDArray[np.int32]]:
    """Given zones, return their corners in a picture of this size, each (N, 2) int32, as OpenCV draws them."""
    return [np.rint(np.array(zone) * (width, height)).astype(np.int32) for zone in zones]


def draw_zones(image: Image, zones: Zones) -> Image:
    """Given an RGB picture, return a copy in which the zones are tinted orange and outlined."""
    height, width = image.shape[:2]
    corners, tinted = in_pixels(zones, width, height), image.copy()
    for zone in corners:
        cv2.fillPoly(tinted, [zone], ORANGE)
    drawn = np.asarray(cv2.addWeighted(image, 0.6, tinted, 0.4, 0), np.uint8)
    cv2.polylines(drawn, corners, True, ORANGE, max(1, width // 320))
    return drawn
