"""Where the camera looks after a bump: the warp from what was expected to what is seen."""

import cv2
import numpy as np

from edge.pipeline.pictures import Floats
from edge.types import Image

STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 50, 1e-4)
FARTHEST = 0.25
"""Part of the picture's width by which a bump may shift it."""


def find_warp(small: Image, expected: Image, coarse: bool) -> Floats | None:
    """Given a picture and the expected one, return the affine map, (2, 3), from its pixels to the expected ones.

    coarse: look for a large shift first. None where they do not fit each other. By maximising the correlation
    coefficient (Evangelidis and Psarakis 2008), which neither gain nor offset of the light changes.
    """
    now, then = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), cv2.cvtColor(expected, cv2.COLOR_RGB2GRAY)
    warp = np.eye(2, 3, dtype=np.float32)
    if coarse:
        window = cv2.createHanningWindow((now.shape[1], now.shape[0]), cv2.CV_32F)
        edges = [cv2.Laplacian(cv2.GaussianBlur(each, (0, 0), 1), cv2.CV_32F) for each in (now, then)]
        warp[:, 2] = cv2.phaseCorrelate(edges[0], edges[1], window)[0]
    try:
        everywhere = np.ones_like(now)
        _, found = cv2.findTransformECC(now, then, warp, cv2.MOTION_AFFINE, STEPS, everywhere, 5)
    except cv2.error:
        return None
    corners = np.array([[x, y, 1] for x in (0, now.shape[1]) for y in (0, now.shape[0])], np.float32)
    farthest = float(np.abs(corners @ found.T - corners[:, :2]).max())
    return np.asarray(found, np.float32) if 0.1 < farthest < FARTHEST * now.shape[1] else None


def warped(picture: Floats, warp: Floats, outside: float | None = None) -> Floats:
    """Given an expected picture and the map from the new pixels to its own, return it as it is seen now.

    outside: what to put where it shows nothing; None repeats its border.
    """
    border = cv2.BORDER_REPLICATE if outside is None else cv2.BORDER_CONSTANT
    size = (picture.shape[1], picture.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, warp, size, None, flags, border, (outside or 0.0,) * 4), np.float32)
