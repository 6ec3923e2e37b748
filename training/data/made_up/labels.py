"""Labels of made-up products: a design from random numbers, and its drawing on an image.

Members of one brand share the design; `flavoured` gives another flavour of it: another accent, word and motif.
"""

import colorsys
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.types import Image
from training.data.made_up.artwork import (
    BADGES,
    HELD_OUT_BADGES,
    HELD_OUT_MOTIFS,
    HELD_OUT_PATTERNS,
    MOTIFS,
    PATTERNS,
    Colour,
    draw_badge,
    draw_motif,
    draw_pattern,
    paste,
)
from training.data.made_up.lettering import FONTS, HELD_OUT_FONTS, lettering, word

HUES = (0.0, 0.0, 0.02, 0.05, 0.08, 0.11, 0.14, 0.16, 0.26, 0.33, 0.38, 0.47, 0.55, 0.59, 0.62, 0.66, 0.76, 0.88, 0.95)
"""More reds, yellows and blues than chance."""


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
    """Return another flavour of the same brand, as they stand side by side on a shelf: another accent and word, and at
    times another ground, as light as the brand's."""
    ground = colour(rng, (0.4, 1), (0.25, 1))
    if rng.random() < 0.65 or (_light(ground) > 140) != (_light(brand.ground) > 140):
        ground = brand.ground
    return replace(brand, flavour=word(rng, 2), accent=colour(rng, (0.6, 1), (0.5, 1)), ground=ground)


def draw(design: Design, height: int, width: int, front: tuple[int, int], backs: list[tuple[int, int]]) -> Image:
    """Return the label (height, width, 3), all the way round: its front and backs between these columns."""
    rng = np.random.default_rng(design.seed)
    image = np.full((height, width, 3), design.ground, np.uint8)
    draw_pattern(image, design.pattern, design.accent if rng.random() < 0.5 else design.second, rng)
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
    return str(rng.choice(names))


def _light(tint: Colour) -> float:
    return float(np.mean(tint))


def _write(image: Image, mask: npt.NDArray[Any], tint: Colour, x: float, y: float) -> None:
    paste(image, np.array(tint), mask, (x, y))


def _front(image: Image, design: Design, rng: np.random.Generator) -> None:
    height, width = image.shape[:2]
    motif_at = width * rng.uniform(0.35, 0.65), height * rng.uniform(0.6, 0.72)
    size = max(3, round(0.2 * min(width, height) * rng.uniform(0.7, 1.5)))
    draw_motif(image, design.motif, motif_at, size, (design.accent, design.second, design.ground), rng)
    if height > 2.2 * width and rng.random() < 0.3:
        mask = lettering(design.brand, design.font, round(0.8 * width), round(0.8 * height))
        _write(image, np.rot90(mask, int(rng.choice([1, 3]))), design.ink, width / 2, height / 2)
    else:
        _name(image, design, rng)
    mask = lettering(design.flavour, design.small_font, round(0.12 * height), round(rng.uniform(0.4, 0.75) * width))
    x, y = width // 2, round(height * rng.choice([0.52, 0.86]))
    if plate := rng.random() < 0.5:
        half_height, half_width = mask.shape[0] // 2 + 3, mask.shape[1] // 2 + 4
        image[max(0, y - half_height) : y + half_height, max(0, x - half_width) : x + half_width] = design.accent
    light = (255, 255, 255) if _light(design.accent) < 190 else (20, 20, 20)
    _write(image, mask, light if plate else design.ink, x, y)
    for line in range(2):
        y = round(height * (0.94 + 0.03 * line))
        cv2.line(image, (width // 3, y), (2 * width // 3 - 6 * line, y), design.ink, 1)


def _name(image: Image, design: Design, rng: np.random.Generator) -> None:
    """The brand's name, with what is under and around it."""
    height, width = image.shape[:2]
    slant = rng.uniform(0, 0.3) if rng.random() < 0.25 else 0.0
    x, y = width / 2, height * rng.uniform(0.18, 0.4)
    mask = lettering(design.brand, design.font, round(rng.uniform(0.2, 0.35) * height), round(0.86 * width), slant)
    half = round(0.8 * mask.shape[0]), round(0.62 * mask.shape[1])
    tilt = rng.uniform(-20, 20)
    on_badge = draw_badge(image, design.badge, (x, y), half, design.ink, design.accent, tilt)
    if rng.random() < 0.25:
        outline = cv2.dilate(mask, np.ones((5, 5), np.uint8))
        _write(image, outline, design.accent if on_badge else design.second, x, y)
    _write(image, mask, design.ground if on_badge else design.ink, x, y)


def _back(image: Image, design: Design, rng: np.random.Generator) -> None:
    """The flavour, small print, and a barcode or a table."""
    height, width = image.shape[:2]
    top = round(height * rng.uniform(0.04, 0.16))
    title = rng.random() < 0.5
    image[top : top + max(3, height // 16)] = design.accent
    top += max(3, height // 16) + height // 12
    text = design.brand if title else design.flavour
    mask = lettering(text, design.font, round(0.1 * height), round(0.8 * width))
    _write(image, mask, design.ink, width / 2, top)
    top += mask.shape[0]
    end = round(height * rng.uniform(0.5, 0.65))
    while top < end:
        cv2.line(image, (width // 10, top), (width // 10 + round(width * rng.uniform(0.4, 0.8)), top), design.ink, 1)
        top += 4 if rng.random() < 0.85 else 9
    box = image[end + 3 : round(height * 0.92), width // 6 : width - width // 6]
    if rng.random() < 0.6:
        box[:] = 250
        bars = rng.random(-(-box.shape[1] // 2)).repeat(2)[: box.shape[1]] < 0.5
        bars[:4] = bars[-4:] = False
        box[3:-3, bars] = 20
    else:
        box[:] = np.clip(np.add(design.ground, 25), 0, 255)
        box[::6] = design.ink
