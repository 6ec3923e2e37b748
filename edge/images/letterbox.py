"""The one geometry of crops: a square with the object centred on black. Training and the Pi call this same function.

Rescaling and L2 normalisation are inside the exported graph.
"""

import cv2
import numpy as np

from edge.errors import BadCrop
from edge.types import Image


def letterbox(image: Image, size: int) -> Image:
    """Given an RGB picture (height, width, 3) uint8, return it scaled whole into (size, size, 3), centred on black.

    It is halved while it is twice as large or larger, then interpolated between four pixels: a fifth of the time that
    averaging over fractions of pixels takes, and as good. A picture of that size is returned itself.
    Raise BadCrop if the picture is empty, not three-channel uint8, or size is under 1.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise BadCrop(f"expected a non-empty (height, width, 3) uint8 RGB picture, got {image.shape} {image.dtype}")
    if size < 1:
        raise BadCrop(f"expected a size of at least 1 pixel, got {size}")
    height, width = image.shape[:2]
    if height == width == size:
        return image
    scale = size / max(height, width)
    new_height, new_width = max(1, round(height * scale)), max(1, round(width * scale))
    while max(height, width) >= 2 * size:
        height, width = -(-height // 2), -(-width // 2)  # nothing is cut off where they are odd
        image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    square: Image = np.zeros((size, size, 3), np.uint8)
    top, left = (size - new_height) // 2, (size - new_width) // 2
    inside = square[top : top + new_height, left : left + new_width]
    cv2.resize(image, (new_width, new_height), dst=inside, interpolation=cv2.INTER_LINEAR)
    return square
