"""Whether two pictures show the same thing by its colours, which it keeps when it is turned; another has others."""

import cv2
import numpy as np

from edge.isolation.downscale import Floats, Mask, bounds

BANDS = 10
"""In which colours are compared row by row."""


def likeness(one: Floats, here: Mask, other: Floats, there: Mask, levels: int) -> float:
    """Given two pictures and where in each the thing is, return the part of their colours in common, in [0, 1].

    levels: of each channel; neighbours share what lies between them.
    """
    return float(np.minimum(_colours(one, here, levels), _colours(other, there, levels)).sum())


def rowwise_likeness(one: Floats, here: Mask, other: Floats, there: Mask, levels: int) -> float:
    """The same, band by band from top to bottom: the mean over bands, by what of the thing is in each."""
    box = bounds(here | there)
    total, count = 0.0, 0
    for top in np.linspace(box.y, box.y + box.height, BANDS, endpoint=False).astype(int):
        rows = slice(top, top + -(-box.height // BANDS))
        pixels = int(np.count_nonzero(there[rows]))
        if pixels:
            total += pixels * likeness(one[rows], here[rows], other[rows], there[rows], levels)
            count += pixels
    return total / max(1, count)


def _colours(picture: Floats, mask: Mask, levels: int) -> Floats:
    """A histogram of colours, (levels,) * 3, smoothed along each channel; sums to 1, or 0 for an empty mask."""
    pixels = np.clip(picture[mask], 0, 255).reshape(-1, 1, 3)
    if not len(pixels):
        return np.zeros((levels,) * 3, np.float32)
    counts: Floats = np.asarray(cv2.calcHist([pixels], [0, 1, 2], None, [levels] * 3, [0, 256] * 3), np.float32)
    for axis in range(3):
        padded = np.concatenate([counts.take([0], axis), counts, counts.take([-1], axis)], axis)
        low, middle, high = (padded.take(range(start, start + levels), axis) for start in range(3))
        counts = (low + 2 * middle + high) / 4
    return np.asarray(counts / counts.sum(), np.float32)
