"""Files that survive a power cut: whole in their old or their new version, never in between."""

import os
from pathlib import Path

from edge.errors import StoreError


def write_atomic(path: Path, content: bytes) -> None:
    """Given a path and what it shall hold, write it under a dot-name beside it, fsync, rename, fsync the folder.

    Raise OSError if the folder is missing, full or not writable, naming the path; the old version then stays.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(draft, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_unsynced(path: Path, content: bytes) -> None:
    """Given a path and what it shall hold, write it under a dot-name beside it and rename it; do not wait for the card.

    A power cut within half a minute may leave the old version, none, or a part. Raise OSError.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


REMEDY = "try: sudo usermod -aG bottlebank $USER, and log in again"
"""What lets a user read the state folder, which belongs to the service's group."""


def readable(path: Path) -> bool:
    """Given a file of the state folder, return whether it is there. Raise StoreError if this user may not look."""
    try:
        with path.open("rb"):
            return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError as error:
        raise StoreError(f"{path}: {error.strerror}; {REMEDY}") from error


def sync_folder(folder: Path) -> None:
    """Given a folder, make the names in it durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def volatile(path: Path, mounts: str | None = None) -> str | None:
    """Given a path, return the kind of its file system if what is written there may be gone after the next boot.

    So it is in memory, and on the overlay with which Raspberry Pi OS keeps its card from being written. mounts: the
    text of /proc/self/mountinfo, see proc(5).
    """
    lines = (Path("/proc/self/mountinfo").read_text() if mounts is None else mounts).splitlines()
    where, kind = Path("/"), ""
    for fields in map(str.split, lines):
        point = Path(fields[4].replace("\\040", " "))
        if path.absolute().is_relative_to(point) and point.is_relative_to(where):
            where, kind = point, fields[fields.index("-") + 1]
    return kind if kind in ("overlay", "tmpfs", "ramfs") else None
