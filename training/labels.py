"""Labels of made-up products: a design from random numbers, and its drawing on an image.

Members of one brand share the design; `flavoured` gives another flavour of it: another accent, word and motif.
"""

import colorsys
from dataclasses import dataclass, replace

import cv2
import numpy as np

from edge.types import Image
from training.lettering import FONTS, HELD_OUT_FONTS, lettering, word, write

Colour = tuple[int, int, int]

HUES = (0.0, 0.0, 0.02, 0.05, 0.08, 0.11, 0.14, 0.16, 0.26, 0.33, 0.38, 0.47, 0.55, 0.59, 0.62, 0.66, 0.76, 0.88, 0.95)
"""More reds, yellows and blues than chance."""

PATTERNS = ("plain", "gradient", "bands", "wave", "halves", "dots", "stripes", "frame")
HELD_OUT_PATTERNS = ("diagonal", "checks", "rays", "zigzag")
BADGES = ("none", "ellipse", "banner", "plate")
HELD_OUT_BADGES = ("shield", "tilted")
MOTIFS = ("fruit", "star", "rings", "leaf", "hill", "blob", "none")
HELD_OUT_MOTIFS = ("flower", "bars", "crescent")


@dataclass(frozen=True, slots=True)
class Design:
    """What a label shows. Colours are RGB; seed decides the rest of the drawing."""

    seed: int
    brand: str
    flavour: str
    ground: Colour
    second: Colour
    accent: Colour
    ink: Colour
    font: str
    small_font: str
    pattern: str
    badge: str
    motif: str


def colour(rng: np.random.Generator, saturation: tuple[float, float], value: tuple[float, float]) -> Colour:
    """Return a random RGB colour with saturation and value in these ranges of 0..1, of a hue that print is made in."""
    hue = (HUES[rng.integers(len(HUES))] + rng.normal(0, 0.025)) % 1
    green = max(0.0, 1 - abs(hue - 0.36) / 0.12)
    pure = rng.uniform(*saturation) * rng.uniform(0.75, 1), rng.uniform(*value) * (1 - 0.35 * green)
    red, green, blue = colorsys.hsv_to_rgb(hue, *pure)
    return round(255 * red), round(255 * green), round(255 * blue)


def design(rng: np.random.Generator, held_out: bool = False) -> Design:
    """Return a brand's design; held_out: of fonts, patterns, badges and motifs that no other design has."""
    ground = colour(rng, (0.5, 1), (0.25, 1)) if rng.random() < 0.6 else colour(rng, (0, 0.15), (0.85, 1))
    if rng.random() < 0.1:
        ground = colour(rng, (0, 0.5), (0.05, 0.2))
    dark = np.mean(ground) < 140
    ink = colour(rng, (0, 0.3), (0.9, 1)) if dark else colour(rng, (0.6, 1), (0.1, 0.5))
    brand = word(rng, int(rng.integers(2, 4)))
    return Design(
        seed=int(rng.integers(2**31)),
        brand=brand.upper() if rng.random() < 0.5 else brand.capitalize(),
        flavour=word(rng, 2),
        ground=ground,
        second=colour(rng, (0.3, 1), (0.3, 1)),
        accent=colour(rng, (0.6, 1), (0.5, 1)),
        ink=ink,
        font=_one(rng, HELD_OUT_FONTS if held_out else FONTS),
        small_font=_one(rng, HELD_OUT_FONTS if held_out else FONTS),
        pattern=_one(rng, HELD_OUT_PATTERNS if held_out else PATTERNS),
        badge=_one(rng, HELD_OUT_BADGES if held_out else BADGES),
        motif=_one(rng, HELD_OUT_MOTIFS if held_out else MOTIFS),
    )


def flavoured(brand: Design, rng: np.random.Generator) -> Design:
    """Return another flavour of the same brand: what one meets side by side on a shelf."""
    return replace(brand, flavour=word(rng, 2), accent=colour(rng, (0.6, 1), (0.5, 1)))


def draw(design: Design, height: int, width: int, front: tuple[int, int], backs: list[tuple[int, int]]) -> Image:
    """Return the label (height, width, 3), all the way round: its front and backs between these columns."""
    rng = np.random.default_rng(design.seed)
    image = np.full((height, width, 3), design.ground, np.uint8)
    _pattern(image, design, rng)
    _front(image[:, front[0] : front[1]], design, rng)
    repeat = rng.random() < 0.3
    for number, (left, right) in enumerate(backs):
        part = image[:, left:right]
        if repeat and number == 0 and right - left > 0.7 * (front[1] - front[0]):
            _front(part, design, np.random.default_rng(design.seed + 1))
        else:
            _back(part, design, rng)
    return image


def draw_back(design: Design, height: int, width: int) -> Image:
    """Return a label of its own for the back (height, width, 3)."""
    image = np.full((height, width, 3), design.ground, np.uint8)
    _back(image, design, np.random.default_rng(design.seed))
    image[-max(2, height // 12) :] = design.accent
    return image


def _one(rng: np.random.Generator, names: tuple[str, ...]) -> str:
    return names[rng.integers(len(names))]


def _pattern(image: Image, design: Design, rng: np.random.Generator) -> None:
    height, width = image.shape[:2]
    second = design.accent if rng.random() < 0.5 else design.second
    size = max(6, round(height * rng.uniform(0.06, 0.25)))
    x = np.arange(0, width + 1, 4)
    match design.pattern:
        case "gradient":
            share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
            image[:] = (image * (1 - share) + np.float32(second) * share).astype(np.uint8)
        case "bands":
            for top in rng.uniform(0, 1, int(rng.integers(1, 4))):
                image[round(top * height) : round(top * height) + size // 2] = second
        case "wave" | "zigzag":
            phase, amplitude, turns = rng.random(), rng.uniform(0.03, 0.12), int(rng.integers(1, 5))
            angle = 2 * np.pi * (turns * x / width + phase)
            line = np.sin(angle) if design.pattern == "wave" else np.abs((angle / np.pi) % 2 - 1) * 2 - 1
            y = height * (rng.uniform(0.3, 0.8) + amplitude * line)
            edge = np.stack([x, y], 1)
            corners = [[width, height], [0, height]] if rng.random() < 0.6 else [[width, 0], [0, 0]]
            cv2.fillPoly(image, [np.int32(np.vstack([edge, corners]))], second, cv2.LINE_AA)
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
        case "diagonal":
            for left in range(-height, width, 2 * size):
                corners = [[left, height], [left + size, height], [left + size + height, 0], [left + height, 0]]
                cv2.fillPoly(image, [np.int32(corners)], second, cv2.LINE_AA)
        case "checks":
            rows, columns = np.arange(height) // size, np.arange(width) // size
            image[(rows[:, None] + columns) % 2 == 0] = second
        case "rays":
            centre = np.array([width / 2, height * rng.uniform(0.3, 0.7)])
            for angle in np.arange(0, 2 * np.pi, np.pi / 8):
                ends = [centre + width * np.array([np.cos(a), np.sin(a)]) for a in (angle, angle + np.pi / 16)]
                cv2.fillPoly(image, [np.int32([centre, *ends])], second, cv2.LINE_AA)


def _front(image: Image, design: Design, rng: np.random.Generator) -> None:
    height, width = image.shape[:2]
    brand_y, motif_y = height * rng.uniform(0.18, 0.4), height * rng.uniform(0.6, 0.72)
    _motif(image, design, rng, (width / 2 + width * rng.uniform(-0.15, 0.15), motif_y), 0.2 * min(width, height))
    slant = rng.uniform(0, 0.3) if rng.random() < 0.25 else 0.0
    if height > 2.2 * width and rng.random() < 0.3:
        mask = lettering(design.brand, design.font, round(0.8 * width), round(0.8 * height))
        mask = np.rot90(mask, int(rng.choice([1, 3])))
        write(image, mask, design.ink, width / 2, height / 2)
    else:
        mask = lettering(design.brand, design.font, round(rng.uniform(0.2, 0.35) * height), round(0.86 * width), slant)
        on_badge = _badge(image, design, rng, (width / 2, brand_y), mask.shape)
        if rng.random() < 0.25:
            outline = cv2.dilate(mask, np.ones((5, 5), np.uint8))
            write(image, outline, design.accent if on_badge else design.second, width / 2, brand_y)
        write(image, mask, design.ground if on_badge else design.ink, width / 2, brand_y)
    mask = lettering(design.flavour, design.small_font, round(0.12 * height), round(rng.uniform(0.4, 0.75) * width))
    y = height * rng.choice([0.52, 0.86])
    plate = rng.random() < 0.5
    if plate:
        half = np.array([mask.shape[1] / 2 + 4, mask.shape[0] / 2 + 3])
        corners = np.array([width / 2, y]) + np.array([-half, half])
        cv2.rectangle(image, np.int32(corners[0]).tolist(), np.int32(corners[1]).tolist(), design.accent, -1)
    write(image, mask, (255, 255, 255) if plate else design.ink, width / 2, y)
    for line in range(2):
        y = round(height * (0.94 + 0.03 * line))
        cv2.line(image, (width // 3, y), (2 * width // 3 - 6 * line, y), design.ink, 1)


def _badge(image: Image, design: Design, rng: np.random.Generator, at: tuple[float, float], shape: tuple) -> bool:
    x, y = round(at[0]), round(at[1])
    half_height, half_width = round(shape[0] * 0.8), round(shape[1] * 0.62)
    match design.badge:
        case "none":
            return False
        case "ellipse":
            cv2.ellipse(image, (x, y), (half_width, half_height), 0, 0, 360, design.ink, -1, cv2.LINE_AA)
            cv2.ellipse(image, (x, y), (half_width, half_height), 0, 0, 360, design.accent, 2, cv2.LINE_AA)
        case "banner":
            image[max(0, y - half_height) : y + half_height] = design.ink
        case "plate":
            cv2.rectangle(image, (x - half_width, y - half_height), (x + half_width, y + half_height), design.ink, -1)
        case "shield":
            top, side = y - half_height, half_width
            corners = [[x - side, top], [x + side, top], [x + side, y + half_height], [x, y + 2 * half_height]]
            cv2.fillPoly(image, [np.int32([*corners, [x - side, y + half_height]])], design.ink, cv2.LINE_AA)
        case "tilted":
            box = cv2.boxPoints(((x, y), (2 * half_width, 2 * half_height), float(rng.uniform(-20, 20))))
            cv2.fillPoly(image, [np.int32(box)], design.ink, cv2.LINE_AA)
    return True


def _motif(image: Image, design: Design, rng: np.random.Generator, centre: tuple[float, float], radius: float) -> None:
    at, size = (round(centre[0]), round(centre[1])), max(3, round(radius * rng.uniform(0.7, 1.3)))
    main, other = design.accent, design.second
    match design.motif:
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
            cv2.fillPoly(image, [np.int32(corners)], main, cv2.LINE_AA)
            if design.motif == "flower":
                for corner in corners[::2]:
                    cv2.circle(image, np.int32(corner).tolist(), size // 3, other, -1, cv2.LINE_AA)
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
                cv2.fillPoly(image, [np.int32(corners)], tint, cv2.LINE_AA)
        case "blob":
            angle = np.linspace(0, 2 * np.pi, 40)
            reach = 1 + sum(rng.normal(0, 0.15) * np.sin(k * angle + rng.uniform(0, 6)) for k in (2, 3, 4, 5))
            corners = np.stack([np.cos(angle), np.sin(angle)], 1) * (size * reach)[:, None] + at
            cv2.fillPoly(image, [np.int32(corners)], main, cv2.LINE_AA)
        case "bars":
            for i in range(4):
                top = at[1] + size - round(size * rng.uniform(0.5, 2))
                left = at[0] - size + i * size // 2
                cv2.rectangle(image, (left, top), (left + size // 3, at[1] + size), main if i % 2 else other, -1)
        case "crescent":
            cv2.circle(image, at, size, main, -1, cv2.LINE_AA)
            cv2.circle(image, (at[0] + size // 2, at[1]), size, design.ground, -1, cv2.LINE_AA)


def _back(image: Image, design: Design, rng: np.random.Generator) -> None:
    """Small print, a table, a barcode."""
    height, width = image.shape[:2]
    y = round(height * rng.uniform(0.08, 0.2))
    if rng.random() < 0.5:
        mask = lettering(design.brand, design.font, round(0.1 * height), round(0.8 * width))
        write(image, mask, design.ink, width / 2, y)
        y += mask.shape[0]
    end = round(height * rng.uniform(0.45, 0.65))
    while y < end:
        cv2.line(image, (width // 10, y), (width // 10 + round(width * rng.uniform(0.4, 0.8)), y), design.ink, 1)
        y += 4 if rng.random() < 0.85 else 9
    box = image[end + 3 : round(height * 0.92), width // 6 : width - width // 6]
    if rng.random() < 0.6 and box.size:
        box[:] = 250
        bars = np.repeat(rng.random(box.shape[1]) < 0.5, 1 + int(rng.integers(1, 3)))[4 : box.shape[1] - 4]
        box[3:-3, 4:-4][:, bars[: box.shape[1] - 8]] = 20
    elif box.size:
        box[:] = np.uint8(np.clip(np.add(design.ground, 25), 0, 255))
        box[::6] = design.ink
