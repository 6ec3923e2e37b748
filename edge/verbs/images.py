"""The image files that a verb was given, read one by one, with progress on a terminal."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from edge.bank.enroll import OVERSAMPLING
from edge.bank.folder import SUFFIXES
from edge.bank.photos import read_photo
from edge.errors import BadPhoto
from edge.types import Image
from edge.verbs.progress import progress


def find(paths: Sequence[Path]) -> list[Path]:
    """Given files and folders, return the files as they are and the folders' image files, at any depth, by name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and not p.name.startswith("."))
            found += sorted(p for p in inside if not p.is_dir())
        else:
            found.append(path)
    return found


def read(files: Sequence[Path], size: int) -> Iterator[tuple[Path, Image | BadPhoto]]:
    """Given files, yield each with its picture, or with the reason why it has none, which is also told on stderr.

    size: the model's input in pixels; a large JPEG is decoded at no less than the bank takes for its photos.
    """
    show = progress("images")
    for number, file in enumerate(files, 1):
        try:
            yield file, read_photo(file, OVERSAMPLING * size)
        except BadPhoto as error:
            print(f"bottlebank: {error}", file=sys.stderr)
            yield file, error
        show(number, len(files))
