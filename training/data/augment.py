"""Alterations of a training picture: what the Pi's camera does to a crop, or only the first write-up's shift and zoom.

"pi": the crop is a little off; the object is turned, at times until it lies, tilted, and turned about its axis (as far
as a squeeze can imitate that); other light and white balance; fingers; blur, few pixels, noise, JPEG. Nothing is
mirrored: letters are not.
"shift-zoom": the letterboxed picture shifted by up to a tenth and zoomed by 0.8 to 1.2, on black.
"""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.images.letterbox import letterbox
from edge.types import Image
from training.data.made_up.scene import background

Pixels = npt.NDArray[Any]
"""An RGB picture (h, w, 3) uint8: OpenCV's functions do not say the type of what they return."""

KINDS = ("pi", "shift-zoom")

_NOISE = np.random.default_rng(0).standard_normal((512, 512, 3), np.float32)


def augment(image: Pixels, size: int, rng: np.random.Generator, kind: str) -> Image:
    """Given an RGB picture (h, w, 3) uint8, return it altered by what rng draws, letterboxed: (size, size, 3) uint8.

    The result depends on the arguments alone. Raise ValueError if kind is none of KINDS.
    """
    if kind == "shift-zoom":
        return _shift_zoom(letterbox(image, size), rng)
    if kind != "pi":
        raise ValueError(f"augmentation {kind}: expected one of {', '.join(KINDS)}")
    image = _shrunk(image, round(1.25 * size))
    if rng.random() < 0.5:
        image = off_its_board(image, rng)
    image = _seen_otherwise(image, size, rng)
    if rng.random() < 0.25:
        _fingers(image, rng)
    image = _lit_otherwise(image, rng)
    return letterbox(_through_a_camera(image, rng), size)


def _shift_zoom(image: Pixels, rng: np.random.Generator) -> Pixels:
    size = len(image)
    zoom, (x, y) = rng.uniform(0.8, 1.2), rng.uniform(-0.1, 0.1, 2) * size
    middle = (1 - zoom) * size / 2
    moved: Pixels = cv2.warpAffine(image, np.array([[zoom, 0, middle + x], [0, zoom, middle + y]]), (size, size))
    return moved


def _shrunk(image: Pixels, size: int) -> Pixels:
    """The picture, its longer side no more than size."""
    scale = size / max(image.shape[:2])
    if scale >= 1:
        return image
    fewer = [max(1, round(scale * side)) for side in image.shape[1::-1]]
    shrunk: Pixels = cv2.resize(image, fewer, interpolation=cv2.INTER_AREA)
    return shrunk


def off_its_board(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Put what stands before an even, light board before something else; other pictures stay as they are.

    What has the board's colour nearly is divided by it and multiplied by the background, so that glass stays clear
    and shadows stay dark; the rest is opaque.
    """
    edges = [image[0], image[-1], image[:, 0], image[:, -1]]
    rim = np.concatenate([edge[:: max(1, len(edge) // 32)] for edge in edges]).astype(np.float32)
    board = np.median(rim, axis=0)
    if board.min() < 110 or np.median(np.abs(rim - board)) > 12:
        return image
    behind = np.maximum(background(rng, *image.shape[:2]), 50)
    clear = cv2.multiply(image, np.array([*(255 / board), 0]))
    through = cv2.multiply(clear, behind, scale=1 / 255).astype(np.float32)
    unlike = cv2.absdiff(image, np.array([*board, 0], np.float64)).max(axis=2)
    whole = cv2.morphologyEx((unlike > 40).astype(np.float32), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    opaque = cv2.blur(whole, (3, 3))[:, :, None]
    return (through + opaque * (image - through)).astype(np.uint8)


def _seen_otherwise(image: Pixels, size: int, rng: np.random.Generator) -> Pixels:
    """Crop, turn, tilt and squeeze in one warp; outside of the picture is black, a colour, or its edge drawn out."""
    height, width = image.shape[:2]
    scale = size / max(height, width)
    squeeze = rng.uniform(0.8, 1) if rng.random() < 0.4 else 1.0
    out = np.maximum(8, np.round(np.array([width * squeeze, height]) * scale * rng.uniform(0.92, 1.08, 2))).astype(int)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    upright = rng.random() < 0.85
    angle = np.radians(rng.normal(0, 5) if upright else rng.uniform(-180, 180))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    canvas = out if upright else np.ceil(np.abs(turn) @ out).astype(int)
    zoom, shift = rng.uniform(0.85, 1.2), rng.uniform(-0.06, 0.06, 2)
    seen = (corners / (width, height) - 0.5) * zoom + shift + rng.normal(0, 0.015, (4, 2))
    seen = (seen * out) @ turn + canvas / 2
    transform = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    edge = cv2.BORDER_REPLICATE if rng.random() < 0.3 else cv2.BORDER_CONSTANT
    colour = (0, 0, 0) if rng.random() < 0.5 else rng.integers(0, 256, 3).tolist()
    shown: Pixels = cv2.warpPerspective(image, transform, canvas.tolist(), borderMode=edge, borderValue=colour)
    return shown


def _fingers(image: Pixels, rng: np.random.Generator) -> None:
    """Lay a few fingers over an edge of the picture, in place: or anything else that stands before the object."""
    height, width = image.shape[:2]
    skin = np.array([224, 172, 140]) * rng.uniform(0.35, 1.1) + rng.normal(0, 12, 3)
    if rng.random() < 0.3:
        skin = rng.uniform(0, 255, 3)
    side = rng.integers(4)
    thick = rng.uniform(0.06, 0.12) * max(height, width)
    start, reach = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.35)
    for finger in range(int(rng.integers(1, 5))):
        tip = np.array([reach * rng.uniform(0.7, 1.1), start]) * (width, height) + (0, 1.9 * finger * thick)
        tip = {0: tip, 1: (width - tip[0], tip[1]), 2: tip[::-1], 3: (tip[1], height - tip[0])}[int(side)]
        root = {0: (-thick, tip[1]), 1: (width + thick, tip[1]), 2: (tip[0], -thick), 3: (tip[0], height + thick)}
        tint = np.clip(skin * rng.uniform(0.9, 1.1), 0, 255).tolist()
        points = [tuple(round(float(c)) for c in point) for point in (root[int(side)], tip)]
        cv2.line(image, points[0], points[1], tint, max(2, round(2 * thick)), cv2.LINE_AA)


def _lit_otherwise(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Other exposure, gamma, white balance and saturation, and light from one side."""
    grey, saturation = np.full((3, 3), 1 / 3), rng.uniform(0.5, 1.4)
    balance = rng.uniform(0.65, 1.3) * rng.uniform(0.85, 1.15, 3)
    mix = (saturation * np.eye(3) + (1 - saturation) * grey) * balance[:, None]
    image = cv2.transform(image, mix)
    curve = 255 * np.linspace(0, 1, 256) ** rng.uniform(0.7, 1.4) + rng.uniform(-10, 10)
    image = cv2.LUT(image, np.clip(curve, 0, 255).astype(np.uint8))
    if rng.random() < 0.4:
        corners = rng.uniform(0.5, 1.2, (2, 2, 1)).repeat(3, axis=2).astype(np.float32)
        field = cv2.resize(corners, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        image = cv2.multiply(image, field, dtype=cv2.CV_8U)
    return image


def _through_a_camera(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Blur, few pixels, noise and JPEG, each at times."""
    height, width = image.shape[:2]
    if rng.random() < 0.3:
        reach = max(height, width) / 224
        if rng.random() < 0.5:
            image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 2) * reach + 0.1)
        else:
            image = cv2.filter2D(image, -1, _streak(rng, round(rng.uniform(2, 9) * reach) + 1))
    if rng.random() < 0.25:
        share = rng.uniform(0.3, 0.8)
        few = cv2.resize(image, (1 + int(share * width), 1 + int(share * height)), interpolation=cv2.INTER_AREA)
        image = cv2.resize(few, (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.5:
        top, left = rng.integers(0, 64, 2)
        noise = np.tile(_NOISE, (1 + height // 448, 1 + width // 448, 1))[top : top + height, left : left + width]
        image = cv2.scaleAdd(noise, rng.uniform(1, 10), image.astype(np.float32))
        image = cv2.convertScaleAbs(np.maximum(image, 0))
    if rng.random() < 0.5:
        quality = int(rng.integers(25, 95))
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))
    return image


def _streak(rng: np.random.Generator, length: int) -> Pixels:
    """The kernel of a straight motion over `length` pixels."""
    kernel = np.zeros((length, length), np.float32)
    direction = rng.uniform(0, np.pi)
    along = (length - 1) / 2 * np.array([np.cos(direction), np.sin(direction)])
    ends = [np.round((length - 1) / 2 + sign * along).astype(int).tolist() for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    even: Pixels = kernel / kernel.sum()
    return even
