"""Where the camera looks after a bump: the warp from what was expected to what is seen."""

from collections.abc import Iterator

import cv2
import numpy as np

from edge.isolation.downscale import Floats
from edge.isolation.settings import IsolationSettings
from edge.types import Image

STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 50, 1e-4)


def find_warps(small: Image, expected: Image, settings: IsolationSettings) -> Iterator[Floats]:
    """Given a picture and the expected one, yield maps, (2, 3), from its pixels to the expected ones that may fit.

    The shift by phase correlation, then shift and turn, from there and from none, by maximising the correlation
    coefficient (Evangelidis and Psarakis 2008). Neither gain nor offset of the light changes them.
    """
    now, then = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), cv2.cvtColor(expected, cv2.COLOR_RGB2GRAY)
    window = cv2.createHanningWindow((now.shape[1], now.shape[0]), cv2.CV_32F)
    edges = [cv2.Laplacian(cv2.GaussianBlur(each, (0, 0), 1), cv2.CV_32F) for each in (now, then)]
    none = np.eye(2, 3, dtype=np.float32)
    shift = none.copy()
    shift[:, 2] = cv2.phaseCorrelate(edges[0], edges[1], window)[0]
    starts = [shift, none] if _is_plausible(shift, small, settings) else [none]
    for start in starts:
        everywhere = np.ones_like(now)
        try:
            warp = cv2.findTransformECC(now, then, start.copy(), cv2.MOTION_EUCLIDEAN, STEPS, everywhere, 5)[1]
        except cv2.error:  # they have nothing in common
            continue
        if _is_plausible(np.asarray(warp, np.float32), small, settings):
            yield np.asarray(warp, np.float32)
    yield from starts[:-1]


def _is_plausible(warp: Floats, picture: Image, settings: IsolationSettings) -> bool:
    height, width = picture.shape[:2]
    corners = np.array([[x, y, 1] for x in (0, width) for y in (0, height)], np.float32)
    shift = np.abs(corners @ warp.T - corners[:, :2]).max()
    return bool(settings.least_shift_pixels < shift < settings.most_shift_share * width)


def warped(picture: Floats, warp: Floats, outside: float | None = None) -> Floats:
    """Given an expected picture and the map from the new pixels to its own, return it as it is seen now.

    outside: what to put where it shows nothing; None repeats its border.
    """
    border = cv2.BORDER_REPLICATE if outside is None else cv2.BORDER_CONSTANT
    size = (picture.shape[1], picture.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, warp, size, None, flags, border, (outside or 0.0,) * 4), np.float32)
