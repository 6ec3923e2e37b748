"""The image files that a command was given: found as they are needed, and made into crops."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from edge.errors import BadPhoto
from edge.images.letterbox import letterbox
from edge.images.reader import OVERSAMPLING, SUFFIXES, read_photo
from edge.types import Image


def find(paths: Iterable[Path]) -> Iterator[Path]:
    """Given files and folders, yield the files as they are and the folders' image files, at any depth, by name.

    Hidden files and folders are left out, links to folders not followed. A folder that cannot be read is yielded
    itself, to be refused like a file.
    """
    for path in paths:
        if path.is_dir():
            yield from _inside(path)
        else:
            yield path


def crop(file: Path, size: int) -> Image | BadPhoto:
    """Given an image file, return it whole as a crop (size, size, 3) uint8, or the reason why there is none.

    A large JPEG is decoded at no less than the bank takes for its photos; its vector then has a cosine of 0.999 or
    more with that of the JPEG decoded whole (a hundred photos of 12 megapixels, benchmarks/decoding.py).
    """
    try:
        return letterbox(read_photo(file, OVERSAMPLING * size), size)
    except BadPhoto as error:
        return error


def _inside(folder: Path) -> Iterator[Path]:
    names, folders = [], set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.add(entry.name)
                elif os.path.splitext(entry.name)[1].lower() in SUFFIXES:
                    names.append(entry.name)
    except OSError:
        yield folder
    for name in sorted([*names, *folders]):
        if name in folders:
            yield from _inside(folder / name)
        else:
            yield folder / name
