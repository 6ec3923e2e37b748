"""HEIC and AVIF, the photos of phones, by Pillow and pillow-heif, which are imported with the first such photo.

Both decoders refuse a file that is cut off: it states where each part of its picture lies (ISO/IEC 23008-12).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from edge.errors import BadPhoto
from edge.types import Image

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx")
AVIF_BRANDS = (b"avif", b"avis")

_ORIENTATION = 0x0112


def kind(data: bytes) -> str | None:
    """Given the content of a file, return HEIC or AVIF, None where it is neither."""
    if data[4:8] != b"ftyp":
        return None
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, min(len(data), data[3]), 4))]
    if any(brand in AVIF_BRANDS for brand in brands):
        return "AVIF"
    return "HEIC" if any(brand in HEIC_BRANDS for brand in brands) else None


def size(data: bytes, name: str) -> tuple[int, int]:
    """Given the content of a HEIC or AVIF, return its width and height in pixels, upright.

    name: what `kind` said. Raise BadPhoto if it is damaged, or this system has no decoder for it.
    """
    with _opened(data, name) as picture:
        width, height = picture.size
        return (height, width) if picture.getexif().get(_ORIENTATION, 1) >= 5 else (width, height)


def decode(data: bytes, name: str) -> Image:
    """Given the content of a HEIC or AVIF, return it as upright RGB, (height, width, 3) uint8, on black.

    name: what `kind` said. Raise BadPhoto as `size` does.
    """
    from PIL import Image as pillow
    from PIL import ImageOps

    with _opened(data, name) as picture:
        upright = ImageOps.exif_transpose(picture)
        if upright.mode != "RGBA":
            return np.asarray(upright.convert("RGB"))
        black = pillow.new("RGB", upright.size)
        black.paste(upright, mask=upright.getchannel("A"))
        return np.asarray(black)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator["Picture"]:
    try:
        from PIL import Image as pillow
        from PIL import features

        if name == "AVIF" and not features.check("avif"):
            raise ImportError
        if name == "HEIC":
            from pillow_heif import register_heif_opener

            register_heif_opener()
    except ImportError as error:
        package = "pillow-heif" if name == "HEIC" else "'pillow>=11.3'"
        raise BadPhoto(f"{name} cannot be read here; save it as JPEG, or pip install {package}") from error
    try:
        with pillow.open(BytesIO(data), formats=("HEIF", "AVIF")) as picture:
            yield picture
    except (OSError, ValueError, RuntimeError, SyntaxError, EOFError, pillow.DecompressionBombError) as error:
        raise BadPhoto(f"the {name} is cut off or cannot be decoded; copy it again, or save it as JPEG") from error
