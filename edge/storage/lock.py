"""Locks on files that end with the process that holds them: open file description locks, fcntl(2).

Asking who holds a lock does not take it, even for a moment, so nobody who asks is in the way of one who starts.
"""

import fcntl
import os
import struct
from contextlib import suppress
from pathlib import Path

from edge.errors import StateInUse

_FLOCK = "hhqqi0q"
"""`struct flock` of 64-bit Linux: type, whence, start, length, process."""

ALL = (0, 0)
"""The whole of a file: from its start, and a length of 0, which means to its end."""


class FileLock:
    """An exclusive lock on a file, which names its process; held until it is closed or the process ends."""

    def __init__(self, path: Path) -> None:
        """Given the path of a file, make it if it is missing, and lock it.

        Raise StateInUse, naming the process, if another one holds it; OSError if the file cannot be made or opened.
        """
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, _flock(ALL))
        except BlockingIOError as error:
            process = _holder(self._file, ALL)
            self.close()
            name = f"process {process}" if process else "another process"
            raise StateInUse(
                f"{path.parent}: {name} works on this folder; stop that Bottlebank, or give another folder with --state"
            ) from error
        with suppress(OSError):  # a full disk
            os.ftruncate(self._file, 0)
            os.write(self._file, str(os.getpid()).encode())

    def close(self) -> None:
        """Give the lock up."""
        os.close(self._file)


def holder(path: Path, part: tuple[int, int] = ALL) -> int | None:
    """Given a file, return the process that holds a lock on a part of it, 0 if which one is not known; None if none.

    part: its first byte and its length. Raise OSError if there is a file and it cannot be opened.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        return _holder(file, part)
    finally:
        os.close(file)


def _holder(file: int, part: tuple[int, int]) -> int | None:
    """The kernel names the process only of SQLite's kind of lock; a FileLock does it by the content of its file."""
    answer = fcntl.fcntl(file, fcntl.F_OFD_GETLK, _flock(part))
    kind, _, _, _, process = struct.unpack(_FLOCK, answer)
    if kind == fcntl.F_UNLCK:
        return None
    if process > 0:
        return int(process)
    content = os.pread(file, 20, 0)
    return int(content) if content.isdigit() else 0


def _flock(part: tuple[int, int]) -> bytes:
    return struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, *part, 0)
