"""Files that survive a power cut: whole in their old or their new version, never in between."""

import os
from pathlib import Path


def write_atomic(path: Path, content: bytes) -> None:
    """Given a path and what it shall hold, write it under a dot-name beside it, fsync, rename, fsync the folder.

    Raise OSError if the folder is missing, full or not writable; the old version then stays.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(draft, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Given a folder, make the names in it durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
