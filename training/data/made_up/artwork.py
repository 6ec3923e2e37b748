"""What labels are drawn of: patterns, badges under a name, and motifs, on an RGB image in place."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.types import Image

Colour = tuple[int, int, int]

PATTERNS = ("plain", "gradient", "bands", "wave", "halves", "dots", "stripes", "frame", "marble")
HELD_OUT_PATTERNS = ("diagonal", "checks", "rays", "zigzag")
BADGES = ("none", "ellipse", "banner", "plate")
HELD_OUT_BADGES = ("shield", "tilted")
MOTIFS = ("fruit", "star", "rings", "leaf", "hill", "blob", "picture", "none")
HELD_OUT_MOTIFS = ("flower", "bars", "crescent")


def draw_pattern(image: Image, pattern: str, second: Colour, rng: np.random.Generator) -> None:
    """Given an image of the ground colour and one of PATTERNS or HELD_OUT_PATTERNS, draw that in a second colour."""
    height, width = image.shape[:2]
    size = max(6, round(height * rng.uniform(0.06, 0.25)))
    x = np.arange(0, width + 1, 4)
    match pattern:
        case "gradient":
            share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
            image[:] = (image * (1 - share) + np.array(second, np.float32) * share).astype(np.uint8)
        case "bands":
            for top in rng.uniform(0, 1, int(rng.integers(1, 4))):
                image[round(top * height) : round(top * height) + size // 2] = second
        case "wave" | "zigzag":
            phase, amplitude, turns = rng.random(), rng.uniform(0.03, 0.12), int(rng.integers(1, 5))
            angle = 2 * np.pi * (turns * x / width + phase)
            line = np.sin(angle) if pattern == "wave" else np.abs((angle / np.pi) % 2 - 1) * 2 - 1
            y = height * (rng.uniform(0.3, 0.8) + amplitude * line)
            edge = np.stack([x, y], 1)
            corners = [[width, height], [0, height]] if rng.random() < 0.6 else [[width, 0], [0, 0]]
            fill_shape(image, np.vstack([edge, corners]), second)
        case "halves":
            image[: round(height * rng.uniform(0.25, 0.7))] = second
        case "dots":
            for row, y in enumerate(range(0, height + size, size)):
                for left in range((row % 2) * size // 2, width + size, size):
                    cv2.circle(image, (left, y), max(1, size // 5), second, -1, cv2.LINE_AA)
        case "stripes":
            for left in range(0, width, 2 * size):
                image[:, left : left + size] = second
        case "frame":
            image[:size] = image[-size:] = second
        case "marble":
            share = np.clip(rng.uniform(-0.5, 1.2, (5, 9, 1)), 0, 1).astype(np.float32)
            field = cv2.resize(share, (width, height), interpolation=cv2.INTER_CUBIC)[:, :, None]
            image[:] = np.clip(image + field * (np.array(second, np.float32) - image), 0, 255).astype(np.uint8)
        case "diagonal":
            for left in range(-height, width, 2 * size):
                corners = [[left, height], [left + size, height], [left + size + height, 0], [left + height, 0]]
                fill_shape(image, corners, second)
        case "checks":
            rows, columns = np.arange(height) // size, np.arange(width) // size
            image[(rows[:, None] + columns) % 2 == 0] = second
        case "rays":
            centre = np.array([width / 2, height * rng.uniform(0.3, 0.7)])
            for angle in np.arange(0, 2 * np.pi, np.pi / 8):
                ends = [centre + width * np.array([np.cos(a), np.sin(a)]) for a in (angle, angle + np.pi / 16)]
                fill_shape(image, [centre, *ends], second)


def draw_badge(
    image: Image, badge: str, at: tuple[float, float], half: tuple[int, int], fill: Colour, line: Colour, tilt: float
) -> bool:
    """Given one of BADGES or HELD_OUT_BADGES, draw it at (x, y) with this half height and width in pixels.

    tilt: degrees, of the one that is tilted. Return whether there is anything under the name now.
    """
    x, y = round(at[0]), round(at[1])
    half_height, half_width = half
    match badge:
        case "none":
            return False
        case "ellipse":
            cv2.ellipse(image, (x, y), (half_width, half_height), 0, 0, 360, fill, -1, cv2.LINE_AA)
            cv2.ellipse(image, (x, y), (half_width, half_height), 0, 0, 360, line, 2, cv2.LINE_AA)
        case "banner":
            image[max(0, y - half_height) : y + half_height] = fill
        case "plate":
            cv2.rectangle(image, (x - half_width, y - half_height), (x + half_width, y + half_height), fill, -1)
        case "shield":
            top, side = y - half_height, half_width
            corners = [[x - side, top], [x + side, top], [x + side, y + half_height], [x, y + 2 * half_height]]
            fill_shape(image, [*corners, [x - side, y + half_height]], fill)
        case "tilted":
            box = cv2.boxPoints(((x, y), (2 * half_width, 2 * half_height), tilt))
            fill_shape(image, box, fill)
    return True


def draw_motif(
    image: Image,
    motif: str,
    centre: tuple[float, float],
    size: int,
    colours: tuple[Colour, Colour, Colour],
    rng: np.random.Generator,
) -> None:
    """Given one of MOTIFS or HELD_OUT_MOTIFS, draw it at (x, y), about size pixels around, in a main and another colour
    on the ground's colour."""
    at = round(centre[0]), round(centre[1])
    main, other, ground = colours
    match motif:
        case "fruit":
            for _ in range(int(rng.integers(2, 6))):
                x, y = (round(c + rng.normal(0, 0.6 * size)) for c in centre)
                cv2.circle(image, (x, y), size // 2 + 1, main, -1, cv2.LINE_AA)
                lit = tuple(min(255, c + 60) for c in main)
                cv2.circle(image, (x - size // 6, y - size // 6), size // 4, lit, -1, cv2.LINE_AA)
                cv2.ellipse(image, (x, y - size // 2), (size // 3, size // 8), 30, 0, 360, (60, 140, 50), -1)
        case "star" | "flower":
            points = int(rng.integers(5, 13))
            angle = np.arange(2 * points) * np.pi / points - np.pi / 2
            reach = np.where(np.arange(2 * points) % 2, rng.uniform(0.4, 0.75), 1) * size
            corners = np.stack([np.cos(angle), np.sin(angle)], 1) * reach[:, None] + at
            fill_shape(image, corners, main)
            if motif == "flower":
                for corner in corners[::2]:
                    cv2.circle(image, corner.astype(int).tolist(), size // 3, other, -1, cv2.LINE_AA)
        case "rings":
            for share, tint in ((1, main), (0.75, other), (0.45, main)):
                cv2.circle(image, at, round(size * share), tint, -1, cv2.LINE_AA)
        case "leaf":
            for turn in rng.uniform(0, 360, int(rng.integers(1, 5))):
                cv2.ellipse(image, at, (size, size // 3), float(turn), 0, 360, main, -1, cv2.LINE_AA)
        case "hill":
            for dx, tint in ((-0.6, other), (0.3, main)):
                x = round(at[0] + dx * size)
                corners = [[x - size, at[1] + size], [x, at[1] - size], [x + size, at[1] + size]]
                fill_shape(image, corners, tint)
        case "blob":
            angle = np.linspace(0, 2 * np.pi, 40)
            reach = 1 + np.sum([rng.normal(0, 0.15) * np.sin(k * angle + rng.uniform(0, 6)) for k in (2, 3, 4, 5)], 0)
            corners = np.stack([np.cos(angle), np.sin(angle)], 1) * (size * reach)[:, None] + at
            fill_shape(image, corners, main)
        case "picture":
            _picture(image, at, size, colours, rng)
        case "bars":
            for i in range(4):
                top = at[1] + size - round(size * rng.uniform(0.5, 2))
                left = at[0] - size + i * size // 2
                cv2.rectangle(image, (left, top), (left + size // 3, at[1] + size), main if i % 2 else other, -1)
        case "crescent":
            cv2.circle(image, at, size, main, -1, cv2.LINE_AA)
            cv2.circle(image, (at[0] + size // 2, at[1]), size, ground, -1, cv2.LINE_AA)


def _picture(
    image: Image, at: tuple[int, int], size: int, colours: tuple[Colour, Colour, Colour], rng: np.random.Generator
) -> None:
    """Something between a photo of a dish and a sunset: colours that run into each other in an ellipse or a frame."""
    high, wide = size, round(size * rng.uniform(1, 1.8))
    cells = np.array(colours)[rng.integers(0, 3, (6, 8))] + rng.normal(0, 50, (6, 8, 1))
    photo = cv2.resize(np.clip(cells, 0, 255).astype(np.uint8), (2 * wide, 2 * high), interpolation=cv2.INTER_CUBIC)
    mask = np.zeros(photo.shape[:2], np.uint8)
    if rng.random() < 0.6:
        cv2.ellipse(mask, (wide, high), (wide - 1, high - 1), 0, 0, 360, 255, -1, cv2.LINE_AA)
    else:
        mask[:] = 255
    paste(image, photo, mask, at)


def fill_shape(image: npt.NDArray[np.uint8], corners: npt.ArrayLike, colour: Sequence[int]) -> None:
    """Fill a polygon of corners (n, 2), x and y in pixels, in place."""
    cv2.fillPoly(image, [np.asarray(corners).astype(np.int32)], colour, cv2.LINE_AA)


def paste(image: Image, picture: npt.NDArray[Any], mask: npt.NDArray[Any], at: tuple[float, float]) -> None:
    """Lay a picture through a mask (h, w) uint8 onto an RGB image in place, centred on (x, y), cut off at the edges.

    picture: (h, w, 3), or one colour (3,).
    """
    left, top = round(at[0] - mask.shape[1] / 2), round(at[1] - mask.shape[0] / 2)
    right, bottom = min(image.shape[1], left + mask.shape[1]), min(image.shape[0], top + mask.shape[0])
    if right <= max(left, 0) or bottom <= max(top, 0):
        return
    part = image[max(top, 0) : bottom, max(left, 0) : right]
    inside = slice(max(-top, 0), bottom - top), slice(max(-left, 0), right - left)
    cover = mask[inside][:, :, None].astype(np.float32) / 255
    shown = picture[inside] if picture.ndim == 3 else picture
    part[:] = (part + cover * (shown.astype(np.float32) - part)).astype(np.uint8)
