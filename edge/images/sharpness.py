"""How sharp a picture is."""

import cv2

from edge.images.letterbox import letterbox
from edge.types import Image

SIDE = 224
"""Longer side, in pixels, at which pictures are compared: finer detail reaches no model."""


def sharpness(image: Image) -> float:
    """Given an RGB picture (height, width, 3) uint8, return the variance of its Laplacian at 224 pixels, 0 or more.

    Only to be compared between pictures of one object (Pech-Pacheco et al., ICPR 2000). Raise BadCrop if it is empty.
    """
    grey = cv2.cvtColor(letterbox(image, SIDE), cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var())
