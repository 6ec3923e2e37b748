"""A camera mounted sideways or upside down: its frames, turned."""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from edge.cameras.camera import Camera
from edge.types import Frame, Image

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class RotatedCamera:
    """Another camera's frames, both sizes of each turned clockwise."""

    def __init__(self, camera: Camera, degrees: int) -> None:
        """Given an open camera, own it. degrees: 90, 180 or 270."""
        self._camera, self._turn = camera, TURNS[degrees]
        width, height = camera.size
        self.size = (width, height) if degrees == 180 else (height, width)
        self.live = camera.live

    def __iter__(self) -> Iterator[Frame]:
        """The frames not yet given."""
        for frame in self._camera:
            small = None if frame.small is None else self._turned(frame.small)
            yield replace(frame, image=self._turned(frame.image), small=small)

    def close(self) -> None:
        """Close the camera."""
        self._camera.close()

    def _turned(self, image: Image) -> Image:
        return np.asarray(cv2.rotate(image, self._turn))
