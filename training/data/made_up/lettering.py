"""Words that mean nothing, in the typefaces that come with matplotlib."""

from functools import cache
from pathlib import Path
from threading import Lock

import cv2
import matplotlib
import numpy as np
from matplotlib.ft2font import FT2Font

from edge.types import Image

FONTS = ("DejaVuSans-Bold", "DejaVuSerif-Bold", "DejaVuSans", "STIXGeneralBol", "cmss10", "cmb10", "DejaVuSerif-Italic")
HELD_OUT_FONTS = ("DejaVuSansMono-Bold", "DejaVuSans-BoldOblique", "STIXGeneralBolIta", "cmtt10")

_ONSETS = "b c d f g h j k l m n p r s t v w z br cr fl gr pl sh st tr".split()
_VOWELS = "a e i o u a e i o ea io oo".split()
_CODAS = ["", "", "", "l", "n", "r", "s", "x", "t", "nd"]


def word(rng: np.random.Generator, syllables: int) -> str:
    """Return a made-up word in lower case."""
    return (
        "".join(_ONSETS[rng.integers(len(_ONSETS))] + _VOWELS[rng.integers(len(_VOWELS))] for _ in range(syllables))
        + (_CODAS[rng.integers(len(_CODAS))])
    )


_one_at_a_time = Lock()  # a face holds the text that it draws


@cache
def _font(name: str) -> FT2Font:
    font = FT2Font(str(Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}.ttf")))
    font.set_size(32, 72)
    return font


def lettering(text: str, font: str, height: int, width: int, slant: float = 0.0) -> Image:
    """Given a text, return its coverage (h, w) uint8 in 0..255, as large as fits height x width pixels.

    slant: shift of the top to the right, in heights. Letters get at most 1.4 times their natural width.
    """
    face = _font(font)
    with _one_at_a_time:
        face.set_text(text)
        face.draw_glyphs_to_bitmap(antialiased=True)
        mask = np.array(face.get_image(), np.uint8)
    high, wide = mask.shape
    if slant:
        extra = round(abs(slant) * high)
        shift = np.array([[1, -slant, max(slant, 0) * high], [0, 1, 0]])
        mask = np.asarray(cv2.warpAffine(mask, shift, (wide + extra, high)), np.uint8)
        wide += extra
    new_height = max(1, min(height, round(high * width / wide)))
    new_width = max(1, min(width, round(1.4 * wide * new_height / high)))
    return np.asarray(cv2.resize(mask, (new_width, new_height), interpolation=cv2.INTER_AREA), np.uint8)
