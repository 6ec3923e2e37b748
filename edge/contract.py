"""What a model expects of a crop: a square, the object centred, padded with black.

Only geometry lives here; rescaling and L2 normalisation are inside the exported graph. Training and the Pi call
this same function, so the two cannot drift apart.
"""

import cv2
import numpy as np

from edge.errors import BadCrop
from edge.types import Image


def letterbox(image: Image, size: int) -> Image:
    """Given an RGB picture (height, width, 3) uint8, return it scaled whole into (size, size, 3), centred on black.

    Raise BadCrop if the picture is empty, not three-channel uint8, or size is under 1.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise BadCrop(f"expected a non-empty (height, width, 3) uint8 RGB picture, got {image.shape} {image.dtype}")
    if size < 1:
        raise BadCrop(f"expected a size of at least 1 pixel, got {size}")
    height, width = image.shape[:2]
    scale = size / max(height, width)
    new_height, new_width = max(1, round(height * scale)), max(1, round(width * scale))
    shrink = scale < 1
    resized = cv2.resize(image, (new_width, new_height), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)
    square: Image = np.zeros((size, size, 3), np.uint8)
    top, left = (size - new_height) // 2, (size - new_width) // 2
    square[top : top + new_height, left : left + new_width] = resized
    return square
