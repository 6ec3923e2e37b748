"""A correction: the crop of a placement becomes a photo in the enrollment folder, and is undone by deleting that."""

from pathlib import Path

from edge.errors import StoreError
from edge.storage.files import sync_folder, write_atomic

_PREFIX = "placement-"


def corrections(folder: Path) -> dict[str, str]:
    """Given the enrollment folder, return the product under which each corrected placement is enrolled now."""
    found = folder.glob(f"*/{_PREFIX}*.jpg")
    return {file.stem.removeprefix(_PREFIX): file.parent.name for file in found}


def correct(folder: Path, placement: str, product: str, photo: bytes) -> Path:
    """Given the enrollment folder and a placement's JPEG, enroll it as this product and return its file.

    An earlier correction of the placement moves here. Raise StoreError if this user may not write there.
    """
    target = folder / product / f"{_PREFIX}{placement}.jpg"
    earlier = corrections(folder).get(placement)
    try:
        if not target.parent.is_dir():
            target.parent.mkdir()
            sync_folder(folder)
        if earlier is None or earlier == product:
            write_atomic(target, photo)
        else:
            (folder / earlier / target.name).rename(target)
            sync_folder(target.parent)
    except OSError as error:
        raise StoreError(f"{target}: {error.strerror}; be the folder's owner, or give --enroll another") from error
    return target
