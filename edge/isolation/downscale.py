"""The small pictures that isolation works on: halved until they are less than 256 wide, which averages noise away."""

from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edge.images.zones import Zones, in_pixels
from edge.types import Box, Frame, Image

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


class Tolerance(NamedTuple):
    """How far a picture may be from the expected one, (h, w, 3) uint8: darker, and brighter."""

    below: Image
    above: Image

    def twice(self) -> "Tolerance":
        """Twice as far."""
        return Tolerance(*(np.asarray(cv2.add(far, far), np.uint8) for far in self))


class Downscaler:
    """Halves pictures into buffers that are allocated once, and blackens the zones that are not looked at."""

    def __init__(self, widest: int, ignore: Zones = ()) -> None:
        """Given how many pixels wide a small picture may be, begin."""
        self._widest, self._ignore = widest, ignore
        self._steps: dict[tuple[int, ...], list[Image]] = {}

    def __call__(self, frame: Frame) -> Image:
        """Given a frame, return its small picture, RGB; it is overwritten by the next call."""
        picture = smallest(frame)
        for half in self._buffers(picture.shape):
            height, width = half.shape[:2]
            cv2.resize(picture[: 2 * height, : 2 * width], (width, height), dst=half, interpolation=cv2.INTER_AREA)
            picture = half
        if self._ignore:
            picture = picture.copy() if picture is smallest(frame) else picture
            cv2.fillPoly(picture, in_pixels(self._ignore, picture.shape[1], picture.shape[0]), (0, 0, 0))
        return picture

    def _buffers(self, shape: tuple[int, ...]) -> list[Image]:
        if shape not in self._steps:
            height, width = shape[:2]
            steps = []
            while width > self._widest and height > 1:
                height, width = height // 2, width // 2
                steps.append(np.empty((height, width, 3), np.uint8))
            self._steps = {shape: steps}
        return self._steps[shape]


def smallest(frame: Frame) -> Image:
    """The smaller picture that a camera gives of the same frame, if it does; else the frame's own."""
    return frame.image if frame.small is None else frame.small


def enlarge(box: Box, small: Image, image: Image) -> Box:
    """Given a box in a small picture, return the box in the whole one."""
    across, down = image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]
    left, top = round(box.x * across), round(box.y * down)
    right, bottom = round((box.x + box.width) * across), round((box.y + box.height) * down)
    return Box(left, top, right - left, bottom - top)


def as_bytes(picture: npt.NDArray[np.floating[Any]]) -> Image:
    """Given a picture of numbers of at least 0, return it rounded, and cut off at 255."""
    return np.asarray(cv2.convertScaleAbs(picture), np.uint8)


def bounds(mask: Mask) -> Box:
    """The bounding box of a mask."""
    return Box(*cv2.boundingRect(mask.view(np.uint8)))
