"""How sharp a picture is."""

import cv2

from edge.types import Image

SIDE = 224
"""Longer side, in pixels, at which pictures are compared: finer detail reaches no model."""


def sharpness(image: Image) -> float:
    """Given a non-empty RGB picture (height, width, 3) uint8, return the variance of its Laplacian at 224 pixels.

    Only to be compared between pictures of one object (Pech-Pacheco et al., ICPR 2000).
    """
    height, width = image.shape[:2]
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    grey = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var())
