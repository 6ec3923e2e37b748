"""Databases for those who only look: nothing is created, renamed, moved or changed, whoever writes meanwhile.

A connection sees what is written later only while the writer is at work when it is opened; who wants news later opens
another one.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from edge.errors import StoreError
from edge.storage.database import damage, line
from edge.storage.schema import Damaged, Schema, check

T = TypeVar("T")


class ReadOnly:
    """A database, open for reading."""

    def __init__(self, path: Path, schema: Schema) -> None:
        """Given the path of a file, open it.

        Raise NewerDatabase, or StoreError if it is missing, damaged or not readable.
        """
        self.path = path
        self._connection: sqlite3.Connection | None = None
        failed: Exception = StoreError(f"{path}: not found; the service makes it when it starts")
        for options in _options(path):
            try:
                self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?{options}", uri=True)
                if "unix-none" in options:
                    self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # then it needs no shared memory
                check(self._connection, path, schema)
                return
            except (sqlite3.Error, UnicodeDecodeError, Damaged, StoreError) as error:
                self.close()
                failed = error
        raise _unreadable(path, failed) from failed

    def close(self) -> None:
        """Close the file."""
        if self._connection:
            self._connection.close()

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Given what reads, return what it returns; all of it sees one state. Raise StoreError."""
        assert self._connection
        try:
            with self._connection:
                self._connection.execute("BEGIN")
                return work(self._connection)
        except (sqlite3.Error, UnicodeDecodeError, Damaged) as error:
            raise _unreadable(self.path, error) from error


def _options(path: Path) -> tuple[str, ...]:
    """How to open the file, in turn.

    At rest there is no log, and to open it in the ordinary way would make one. In use, or after a crash, the log and
    the shared memory lie beside it. A log alone, or a full disk, are read without shared memory.
    """
    if not path.exists():
        return ()
    log = path.with_name(path.name + "-wal")
    if not log.exists() or log.stat().st_size == 0:
        return ("immutable=1",)
    alone = "mode=ro&vfs=unix-none"
    return ("mode=ro", alone) if path.with_name(path.name + "-shm").exists() else (alone,)


def _unreadable(path: Path, error: Exception) -> StoreError:
    if isinstance(error, StoreError):
        return error
    if damage(error):
        return StoreError(f"{path}: damaged ({line(error)}); the service sets it aside when it next opens it")
    return StoreError(f"{path}: {line(error)}; expected a file that this user may read")
