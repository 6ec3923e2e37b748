"""Cuts an object off from its image in a glossy table, which begins at its foot and shows it upside down.

A mirror image is the object, turned over, seen through with what the table looks like itself: picture = expected +
share * (object turned over - expected). For each row that might be the foot, the share is fitted by least squares over
the rows below it. It is a mirror image if that explains what is there, in its details too, and is fainter than the
object. It is as tall as the object, unless the border of the picture cuts it off. Limit: a plain object that is paler
in its lower half, in the same shape, would be cut.
"""

import cv2
import numpy as np

from edge.isolation.downscale import Floats, Mask, bounds
from edge.isolation.settings import IsolationSettings
from edge.types import Image


def without_mirror_image(mask: Mask, small: Image, expected: Image, settings: IsolationSettings) -> Mask:
    """Given an object, the picture and the expected one, return the object without its mirror image, if it has one."""
    box = bounds(mask)
    columns = slice(box.x, box.x + box.width)
    now, then = (picture[:, columns].astype(np.float32) for picture in (small, expected))
    inside = mask[:, columns]
    bottom = box.y + box.height
    best, foot = settings.mirror_explained, None
    middle = round(box.y + 0.47 * box.height)  # the image is as tall as the object, or cut off by the border
    cut_off = bottom >= len(mask) - settings.border_pixels
    least = settings.mirror_reach if cut_off else settings.mirror_height
    for row in range(middle, bottom - settings.lowest_pixels + 1):
        reach = min(row - box.y, bottom - row)
        if reach < least * (row - box.y):
            break
        above, below = slice(row - reach, row), slice(row, row + reach)
        explained = _explained(now[above][::-1], now[below], then[below], inside[below], settings)
        if explained > best:
            best, foot = explained, row
    if foot is None:
        return mask
    body = mask.copy()
    body[foot:] = False
    return body


def _explained(turned: Floats, now: Floats, then: Floats, inside: Mask, settings: IsolationSettings) -> float:
    """Which part of what differs a mirror image explains, in [0, 1]; 0 where it would be none."""
    image, differs = (turned - then)[inside], (now - then)[inside]
    if not len(image):
        return 0.0
    share = float((image * differs).sum() / max(1.0, float((image**2).sum())))
    if not settings.mirror_share[0] < share < settings.mirror_share[1]:
        return 0.0
    details = [(each - cv2.blur(each, (5, 5)))[inside].ravel() for each in (turned - then, now - then)]
    alike = float(details[0] @ details[1]) / max(1.0, float(np.linalg.norm(details[0]) * np.linalg.norm(details[1])))
    if alike < settings.mirror_alike:
        return 0.0
    return 1 - float(((differs - share * image) ** 2).sum() / max(1.0, float((differs**2).sum())))
