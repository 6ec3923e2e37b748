"""RGB pictures to JPEG and PNG files."""

from pathlib import Path

import cv2

from edge.types import Image

SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})
"""What a picture can be written as."""

QUALITY = 95
"""Of a JPEG, in percent; OpenCV's own default. A label keeps its letters."""


def encode(picture: Image, suffix: str, quality: int = QUALITY) -> bytes:
    """Given an RGB picture (height, width, 3) uint8 and one of SUFFIXES, return the content of such a file.

    quality: of a JPEG, 0 to 100. Raise ValueError for another suffix.
    """
    if suffix.lower() not in SUFFIXES:
        raise ValueError(f"expected .jpg, .jpeg or .png to write a picture as, got {suffix}")
    options = [] if suffix.lower() == ".png" else [cv2.IMWRITE_JPEG_QUALITY, quality]
    _, content = cv2.imencode(suffix, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    return content.tobytes()


def write_picture(path: Path, picture: Image, quality: int = QUALITY) -> None:
    """Given a path with one of SUFFIXES and an RGB picture, write it. quality: as for `encode`. Raise OSError."""
    path.write_bytes(encode(picture, path.suffix, quality))
