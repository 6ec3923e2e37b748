"""A folder of images, in natural order (2 before 10), as if each were a frame; whatever does not fit is left out."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from edge.errors import BadPhoto, CameraError
from edge.images.reader import SUFFIXES, read_photo, unreadable
from edge.types import Frame, Image

log = logging.getLogger(__name__)

_DIGITS = re.compile(r"([0-9]+)")


class FolderCamera:
    """The JPEG, PNG and WebP files of a folder, once, those in folders within it not."""

    live = False

    def __init__(self, path: Path, fps: float) -> None:
        """Given a folder and how many images make a second, begin. Raise CameraError if no image in it can be read.

        The first one that can be read says the size; those of another size are left out.
        """
        try:
            names = [file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and file.name[0] != "."]
        except NotADirectoryError as error:
            raise CameraError(f"{path}: expected a folder of images; name the folder, or use kind: video") from error
        except OSError as error:
            raise CameraError(f"{path}: {unreadable(error)}") from error
        self._fps, self._index = fps, 0
        self._files = iter(sorted(names, key=_natural))
        self._next = self._read()
        if self._next is None:
            reason = "none of its images can be read" if names else "no JPEG, PNG, WebP, HEIC or AVIF in this folder"
            raise CameraError(f"{path}: {reason}; correct camera.path, or put images there")
        height, width = self._next.shape[:2]
        self.size = (width, height)

    def __iter__(self) -> Iterator[Frame]:
        """The frames not yet given."""
        while self._next is not None:
            image, self._next = self._next, None
            yield Frame(image, self._index, self._index / self._fps)
            self._index += 1
            self._next = self._read(self.size)

    def close(self) -> None:
        """Give no further frames."""
        self._files, self._next = iter(()), None

    def _read(self, size: tuple[int, int] | None = None) -> Image | None:
        """The next image that can be read and is of this size, if one is given; None at the end."""
        for file in self._files:
            try:
                image = read_photo(file)
            except BadPhoto as error:
                log.warning("%s; left out", error)
                continue
            height, width = image.shape[:2]
            if size in (None, (width, height)):
                return image
            log.warning(
                "%s: %dx%d pixels; expected %dx%d as the first image; left out", file, width, height, *self.size
            )
        return None


def _natural(file: Path) -> tuple[list[str | int], str]:
    """Sort keys in which numbers count as numbers."""
    parts = _DIGITS.split(file.name.casefold())
    return [int(part) if at % 2 else part for at, part in enumerate(parts)], file.name
