"""One service to a state folder: a second one would record bottles as removed that stand before the first."""

import logging
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

from edge.errors import StateInUse
from edge.storage.lock import FileLock, holder

log = logging.getLogger(__name__)

FILE = "service.lock"


def lock(folder: Path) -> AbstractContextManager[object]:
    """Given the state folder, claim it until the context ends. Raise StateInUse, naming who has it.

    Where no lock can be had, as on a read-only disk, that is a warning.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return closing(FileLock(folder / FILE))
    except StateInUse:
        raise
    except OSError as error:
        log.warning("%s: %s; a second service on this folder would not be noticed", folder / FILE, error.strerror)
        return nullcontext()


def running(folder: Path) -> int | None:
    """Given the state folder, return the process of its service, 0 if it is not known; None if no service runs.

    Raise OSError if this user may not look.
    """
    return holder(folder / FILE)
