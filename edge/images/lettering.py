"""Text on pictures, in any script that a font of the system has; without one, in the letters of English.

Fonts: DejaVu Sans if it is installed, then any other. On Raspberry Pi OS, `sudo apt install fonts-noto-cjk` adds those
of Chinese, Japanese and Korean.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from edge.types import Image

Colour = tuple[int, int, int]

INK: Colour = (34, 34, 34)
GREY: Colour = (130, 130, 130)
GREEN: Colour = (22, 128, 60)
AMBER: Colour = (180, 110, 0)
RED: Colour = (190, 30, 30)

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
PREFERRED = "DejaVuSans.ttf"
NO_CHARACTER = "\U0010fffe"
"""A code point that is none, drawn as every font draws what it lacks."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def write_text(area: Image, text: str, size: int, colour: Colour) -> None:
    """Given a part of an RGB picture, write a line of text into it, from its left and in the middle of its height.

    size: of the letters, in pixels. Text that is too wide ends with an ellipsis where the area ends.
    """
    font = font_for(text, size)
    height, width = area.shape[:2]
    shown = text
    while shown and font.getlength(shown) > width:
        shown = shown.removesuffix("…")[:-1] + "…" if len(shown) > 1 else ""
    picture = PillowImage.fromarray(area)
    ImageDraw.Draw(picture).text((0, height / 2), shown, colour, font, anchor="lm")
    area[:] = np.asarray(picture)


def font_for(text: str, size: int, folders: Iterable[Path] = FOLDERS) -> Font:
    """Given a text, return the font that has most of its characters, at this size in pixels."""
    if text.isascii():
        return ImageFont.load_default(size)
    covered = {path: _covered(path, text) for path in installed(*folders)}
    best = max(covered, key=covered.__getitem__, default=None)
    return ImageFont.truetype(best, size) if best and covered[best] else ImageFont.load_default(size)


@cache
def installed(*folders: Path) -> tuple[Path, ...]:
    """Given folders, return the font files in them, the preferred one first."""
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".ttf", ".otf", ".ttc")]
    return tuple(sorted(found, key=lambda path: (path.name != PREFERRED, str(path))))


@cache
def _covered(path: Path, text: str) -> int:
    """How many characters of a text a font has."""
    try:
        font = ImageFont.truetype(path, 16)
        missing = bytes(font.getmask(NO_CHARACTER))
        return sum(bytes(font.getmask(character)) != missing for character in set(text))
    except OSError:  # damaged, or of a kind that FreeType does not know
        return 0
