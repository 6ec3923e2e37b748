"""Picture files to RGB, upright, or refused with the reason."""

import os
import stat
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.errors import BadPhoto
from edge.images import heif
from edge.images.headers import Header, inspect
from edge.types import Image

MAX_SIDE = 12_000
MAX_PIXELS = 25_000_000
MAX_PIXELS_JPEG = 110_000_000
"""More, for a baseline JPEG that is shrunk as it is decoded: it never lies in memory whole."""
SUFFIXES = frozenset({".jpg", ".jpeg", ".jfif", ".png", ".webp", ".heic", ".heif", ".avif"})
"""Files that may be pictures, by their names."""

OVERSAMPLING = 2
"""A large JPEG is decoded at no less than this many times the model's input; see `decode`."""

MAX_BYTES = 64 * 2**20

_ROTATIONS = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}
_REDUCED = {
    1: 0,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}
"""What is added to IMREAD_COLOR_RGB; IMREAD_REDUCED_COLOR_2 would ask for BGR as well."""


def read_photo(path: Path, least: int | None = None) -> Image:
    """Given a picture file, return it as upright RGB, (height, width, 3) uint8.

    least: as for `decode`. Raise BadPhoto, naming the file, if it cannot be read or used.
    """
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise BadPhoto("not a regular file; expected a photo")
            if status.st_size > MAX_BYTES:
                raise BadPhoto(too_many_bytes(status.st_size))
            data = file.read()
        return decode(data, least)
    except BadPhoto as error:
        raise BadPhoto(f"{path}: {error}") from error
    except OSError as error:
        raise BadPhoto(f"{path}: {unreadable(error)}") from error


def decode(data: bytes, least: int | None = None, header: Header | None = None) -> Image:
    """Given the content of a JPEG, PNG, WebP, HEIC or AVIF file, return it as upright RGB, (height, width, 3) uint8.

    least: the longer side that the caller needs, in pixels; a larger JPEG may come back at a half, a quarter or an
    eighth of its size, never under this, in a fraction of the time and memory; never under twice this where that is no
    whole number of pixels: the decoder rounds up, which stretches the picture. header: what `inspect` said, if asked.
    Transparent parts become black, as around a crop.
    Raise BadPhoto if the picture is not complete, over 12,000 pixels a side or too many in all for the memory of a
    Pi, or cannot be decoded.
    """
    header = header or inspect(data)
    width, height = header.width, header.height
    scale, most = 1, MAX_PIXELS
    if least and header.format == "JPEG":
        scale = max(n for n in (1, 2, 4, 8) if n == 1 or max(width, height) // n >= _least(width, height, n, least))
        most = MAX_PIXELS_JPEG if scale > 1 and not header.progressive else MAX_PIXELS
    if max(width, height) > MAX_SIDE or width * height > most:
        raise BadPhoto(
            f"{width}x{height} pixels; expected at most {MAX_SIDE:,} a side and "
            f"{most // 1_000_000} million in all, make it smaller"
        )
    if header.format in ("HEIC", "AVIF"):
        return heif.decode(data, header.format)
    flags = cv2.IMREAD_UNCHANGED if header.alpha else cv2.IMREAD_COLOR_RGB | _REDUCED[scale]
    try:
        raw = cv2.imdecode(np.frombuffer(data, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise BadPhoto(f"the {header.format} cannot be decoded; save it again") from error
    if raw is None or abs(raw.shape[0] - height / scale) > 1 or abs(raw.shape[1] - width / scale) > 1:
        raise BadPhoto(f"the {header.format} cannot be decoded; save it again")
    return _upright(_opaque(raw) if header.alpha else np.asarray(raw), header.orientation)


def unreadable(error: OSError) -> str:
    """Given why a file could not be read, return the reason in words, and what to do."""
    if isinstance(error, PermissionError):
        return "not readable by this user; make it so with chmod a+r (for a folder: chmod a+rx)"
    if isinstance(error, FileNotFoundError):
        return "not found; a link that leads nowhere?"
    return f"cannot be read ({error.strerror or error})"


def too_many_bytes(size: int, most: int = MAX_BYTES) -> str:
    """The reason for which a file of this size is not even read."""
    return f"{size / 2**20:.0f} MiB; expected at most {most // 2**20}, make it smaller"


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting for the writer of a FIFO."""
    return os.open(path, flags | os.O_NONBLOCK)


def _least(width: int, height: int, scale: int, least: int) -> int:
    return least if width % scale == height % scale == 0 else 2 * least


def _opaque(raw: npt.NDArray[Any]) -> Image:
    """Given what OpenCV leaves unchanged (grey, BGR or BGRA; 8 or 16 bits), return it as RGB uint8 on black."""
    if raw.dtype == np.uint16:
        raw = (raw >> 8).astype(np.uint8)
    if raw.ndim == 2:
        return np.asarray(cv2.cvtColor(raw, cv2.COLOR_GRAY2RGB))
    if raw.shape[2] == 3:
        return np.asarray(cv2.cvtColor(raw, cv2.COLOR_BGR2RGB))
    for channel in range(3):
        raw[:, :, channel] = cv2.multiply(raw[:, :, channel], raw[:, :, 3], scale=1 / 255)
    return np.asarray(cv2.cvtColor(raw, cv2.COLOR_BGRA2RGB))


def _upright(image: Image, orientation: int) -> Image:
    """Undo an EXIF orientation: 2 and 4 are mirrored, 3, 6 and 8 turned, 5 and 7 both."""
    if orientation in _ROTATIONS:
        return np.ascontiguousarray(cv2.rotate(image, _ROTATIONS[orientation]))
    if orientation == 2:
        return np.ascontiguousarray(image[:, ::-1])
    if orientation == 4:
        return np.ascontiguousarray(image[::-1])
    if orientation == 5:
        return np.ascontiguousarray(image.transpose(1, 0, 2))
    if orientation == 7:
        return np.ascontiguousarray(image[::-1, ::-1].transpose(1, 0, 2))
    return image
