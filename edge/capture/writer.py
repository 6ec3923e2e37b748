"""Writes photos into a product's enrollment folder."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from pathlib import Path

from edge.errors import BadPhoto, StoreError
from edge.storage.files import sync_folder, write_atomic
from edge.text import count as counted


def write_photos(
    photos: Iterable[bytes], folder: Path, number: int, write: Callable[[Path, bytes], None] = write_atomic
) -> Iterator[Path]:
    """Given JPEGs, write that many into the product's folder under the next free numbers, and yield each path.

    Raise BadPhoto if one cannot be taken, StoreError if this user may not write there, OSError.
    """
    taken = 0
    try:
        for photo, path in zip(islice(photos, number), free_names(folder), strict=False):
            if not folder.is_dir():
                folder.mkdir()
                sync_folder(folder.parent)
            write(path, photo)
            taken += 1
            yield path
    except BadPhoto as error:
        raise BadPhoto(f"{error}; {counted(taken, 'photo')} of {number} taken") from error
    except PermissionError as error:
        raise StoreError(f"{folder}: {error.strerror}; be the folder's owner, or give --enroll another") from error


def free_names(folder: Path) -> Iterator[Path]:
    """Given a product's folder, yield names for photos in it: the numbers above those that are there."""
    numbers = [int(file.stem) for file in folder.glob("*") if file.stem.isdecimal()]
    return (folder / f"{number}.jpg" for number in count(max(numbers, default=0) + 1))
