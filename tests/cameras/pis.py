"""What the tests of the Raspberry Pi camera show it, and how they open it."""

import numpy as np

from edge.cameras.pi import Library, PiCamera
from edge.cameras.pi_fake import FakePi
from edge.config import CameraConfig
from edge.types import Image

RED, GREY = (200, 20, 30), (120, 120, 120)


def scene(width: int = 1280, height: int = 720) -> Image:
    """Red on the left, grey on the right."""
    image = np.full((height, width, 3), GREY, np.uint8)
    image[:, : width // 2] = RED
    return image


def opened(pi: FakePi, **keys: object) -> PiCamera:
    keys = {"width": 320, "height": 180} | keys
    return PiCamera(CameraConfig(**keys), lambda: Library(pi, "Smpte170m"))  # type: ignore[arg-type]
