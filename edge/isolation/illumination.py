"""What a change of light does to a picture, and how to tell it from an object.

Light multiplies: where it changes, the picture is the expected one times a gain that is smooth and nearly the same for
red, green and blue. An object brings its own colours and edges. Limit: an object that is, at this size, without texture
and of the colour of what it hides, only darker or brighter, is taken for a shadow or a patch of light.
"""

import cv2
import numpy as np

from edge.isolation.downscale import Floats, Mask, Tolerance, as_bytes
from edge.isolation.masks import outline
from edge.isolation.settings import IsolationSettings
from edge.types import Image


def gains(small: Image, expected: Floats, settings: IsolationSettings) -> Floats:
    """Given a picture and the expected one, return the gain of each channel, (3,) float32: the median of the ratios.

    Holds while more than half of the scene is in view. Pixels near black or white tell nothing.
    """
    step = settings.sample_pixels
    now = np.ascontiguousarray(small[::step, ::step].reshape(-1, 3).T, np.float32)
    then = np.ascontiguousarray(expected[::step, ::step].reshape(-1, 3).T)
    told = np.asarray(((now > 8) & (now < 248) & (then > 8)).all(0))
    if np.count_nonzero(told) < len(told) / 10:
        return np.ones(3, np.float32)
    return np.asarray(np.median(now[:, told] / then[:, told], axis=1), np.float32)


def best_gain(
    small: Image, expected: Floats, tolerance: Tolerance, last: Floats, settings: IsolationSettings
) -> Floats:
    """Given the last frame's gain too, return the one that explains most: none, the last, or this frame's own."""

    def unlike(gain: Floats) -> int:
        return int(np.count_nonzero(differs(small, as_bytes(expected * gain), tolerance)))

    return min((np.ones(3, np.float32), last, gains(small, expected, settings)), key=unlike)


def field(small: Image | Floats, expected: Floats, known: Mask, settings: IsolationSettings) -> Floats:
    """Given the pixels that show the scene, return the smooth gain, (h, w, 3), from the expected picture to this one.

    Where there are none, it is that of the surroundings, the farther the fewer there are.
    """
    weight = (known & (small < settings.white_level).all(2)).astype(np.float32)[..., None]
    now, then = (_spread(picture * weight, settings.field_pixels) for picture in (small.astype(np.float32), expected))
    return np.asarray(np.clip((now + 0.01) / (then + 0.01), settings.darkest_gain, settings.brightest_gain), np.float32)


def _spread(picture: Floats, sizes: tuple[int, int]) -> Floats:
    near, far = (cv2.blur(picture, (size, size)) for size in sizes)
    everywhere = np.array(cv2.mean(picture)[:3], np.float32)
    return np.asarray(near + 0.05 * far + 0.001 * everywhere, np.float32)


def residual(now: Floats, then: Floats, settings: IsolationSettings) -> Floats:
    """Given the pixels of one region, (N, 3), now and as expected, return how far each is off but for a slight gain."""
    if not len(now):
        return np.zeros(0, np.float32)
    gain = np.clip(np.median((now + 1) / (then + 1)), *settings.slight_gains)
    return np.asarray(np.abs(now - gain * then).max(1), np.float32)


def noise(small: Image, expected: Image, settings: IsolationSettings) -> float:
    """Given a picture and what was expected, estimate the standard deviation of the noise in grey levels.

    From second differences along the rows, which neither light nor its drift reaches; objects that cover less than
    a third of the picture hardly raise it.
    """
    step = 2 * settings.sample_pixels
    error = np.subtract(small[::step], expected[::step], dtype=np.int16)
    grain = np.abs(error[:, :-2] - 2 * error[:, 1:-1] + error[:, 2:])
    rank = int(0.68 * grain.size)
    return float(np.partition(grain, rank, axis=None)[rank] / np.sqrt(6))


def differs(small: Image, expected: Image, tolerance: Tolerance) -> Mask:
    """Where any channel is further from what is expected than tolerated."""
    above = cv2.subtract(cv2.subtract(small, expected), tolerance.above)
    below = cv2.subtract(cv2.subtract(expected, small), tolerance.below)
    red, green, blue = cv2.split(cv2.max(above, below))
    return cv2.max(cv2.max(red, green), blue) > 0


def compare(
    small: Image, expected: Image, tolerance: Tolerance, settings: IsolationSettings
) -> tuple[Mask, Mask, Mask]:
    """Where the picture differs; where no change of light explains that; and where it differs strongly.

    Light is fitted as a line through the window around each pixel, picture against expected, as a guided filter does
    (He, Sun and Tang 2013): a gain for shadows, an offset for what a camera's tone curve bends.
    """
    differing = differs(small, expected, tolerance)
    then = cv2.cvtColor(expected, cv2.COLOR_RGB2GRAY).astype(np.float32)
    now = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    window = settings.light_window_pixels, settings.light_window_pixels
    mean_then, mean_now = cv2.blur(then, window), cv2.blur(now, window)
    spread = cv2.blur(then * then, window) - mean_then * mean_then
    common = cv2.blur(then * now, window) - mean_then * mean_now
    ratio = (mean_now + 1) / (mean_then + 1)
    gain = (common + settings.flat_variance * ratio) / (spread + settings.flat_variance)
    lit = as_bytes(np.maximum(gain[..., None] * (expected - mean_then[..., None]) + mean_now[..., None], 0))
    possible = (ratio > settings.darkest_gain) & (ratio < settings.brightest_gain)
    like_light = ~differs(small, lit, tolerance) & possible & (gain > ratio * settings.contrast_share)
    return differing, differing & ~like_light, differs(small, expected, tolerance.twice())


def without_light(
    small: Image, expected: Image, tolerance: Tolerance, masks: list[Mask], settings: IsolationSettings
) -> list[Mask]:
    """Given regions that differ, return those that are no shadow, no patch of light and no reflection."""
    if not masks:
        return []
    error = np.subtract(small, expected, dtype=np.int16)
    step = cv2.morphologyEx(error, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    sharp = np.asarray((step > tolerance.below).any(2))
    sharp_masks = [mask for mask in masks if _is_sharp(sharp, mask)]
    return [mask for mask in sharp_masks if not _is_shadow(small, expected, tolerance, mask, settings)]


def _is_sharp(sharp: Mask, mask: Mask) -> bool:
    """Whether the region begins to differ at once along most of its outline; a reflection or a tinge fades in."""
    border = outline(mask)
    return bool(2 * np.count_nonzero(sharp & border) > np.count_nonzero(border))


def _is_shadow(small: Image, expected: Image, tolerance: Tolerance, mask: Mask, settings: IsolationSettings) -> bool:
    """Whether the region has the colours that are expected there, and is all darker or all brighter.

    That is a shadow or a patch of light whose edge is too sharp for `compare`.
    """
    now, then = small[mask].astype(np.float32), expected[mask].astype(np.float32)
    gain = (now.sum(1) + 1) / (then.sum(1) + 1)
    coloured = (np.abs(now - gain[:, None] * then) > tolerance.above[mask]).any(1)
    darker, brighter = gain < 1, gain > 1
    outside = coloured | (gain < settings.darkest_gain) | (gain > settings.brightest_gain)
    return bool(min(np.mean(outside | darker), np.mean(outside | brighter)) < settings.stray_share)


def is_ghost(small: Image, expected: Image, mask: Mask, settings: IsolationSettings) -> bool:
    """Whether an object has left this region: its outline was expected and is not in the picture, nor another in it."""
    kernel = np.ones((3, 3), np.uint8)
    band = cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)).view(np.bool_)
    now, then = (cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, kernel).max(2) for picture in (small, expected))
    lost, gained = cv2.subtract(then, now), cv2.subtract(now, then)
    return bool(
        gained[band].sum() < settings.contrast_share * lost[band].sum() and gained[mask].sum() < lost[mask].sum()
    )
