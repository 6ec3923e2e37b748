"""SQLite files that survive a power cut, and that never stop the service by being damaged.

Write-ahead log, every commit synced to the card (https://sqlite.org/wal.html). A file that fails its check at opening
is set aside under another name, kept for a person to look at, and a new one is begun.

A full or read-only disk has no room for the shared memory that readers and writers of such a file need; `frozen` then
still reads it, alone.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from edge.errors import StoreError
from edge.storage.files import sync_folder

NEEDED = 65536
"""Bytes that must be free for a database to be opened: its shared memory and the beginning of a log."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class _Unusable(Exception):
    """The file is no database, damaged, or of another version of the schema."""


def open_database(
    path: Path, schema: str, version: int, page_size: int = 4096
) -> tuple[sqlite3.Connection, Path | None]:
    """Given a path, return a connection in autocommit mode, and where the file found there was set aside, if it was.

    schema: the statements that make a new file; version: an integer of 1 or more, another for each change of schema.
    page_size: bytes, a power of two from 512 to 65536; what one commit writes is a multiple of it.
    Raise StoreError if the file cannot be opened or written.
    """
    aside = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _open(path, schema, version, page_size), None
        except _Unusable:
            aside = _set_aside(path)
            return _open(path, schema, version, page_size), aside
    except StoreError:
        raise
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: {error}; expected a folder that this user may write to, with space left") from error


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path, kind: str = "IMMEDIATE") -> Iterator[None]:
    """Commit what is done inside as one, durably, or nothing of it. Raise StoreError, naming the path.

    kind: IMMEDIATE to write, DEFERRED to read several times from one state.
    """
    try:
        connection.execute(f"BEGIN {kind}")
        yield
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}; nothing of this change was written") from error
    finally:
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")


def unwritable(path: Path) -> str | None:
    """Given a path, return "full" or "read-only" if the disk that it lies on is so, else None."""
    folder = path.parent
    while not folder.exists():
        folder = folder.parent
    disk = os.statvfs(folder)
    if disk.f_flag & os.ST_RDONLY:
        return "read-only"
    return "full" if disk.f_bavail * disk.f_frsize < NEEDED else None


@contextmanager
def frozen(path: Path) -> Iterator[sqlite3.Connection]:
    """Given the path of a database on an unwritable disk, open it for reading, for a moment: nobody else can meanwhile.

    Raise StoreError if it is not there, or a read-only disk holds a log that was never brought in.
    """
    log = path.with_name(path.name + "-wal")
    merged = not log.exists() or log.stat().st_size == 0
    uri = path.absolute().as_uri() + ("?immutable=1" if merged else "?mode=rw")
    try:
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # then it needs no shared memory
            connection.execute("PRAGMA user_version").fetchone()
            yield connection
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}; the disk is {unwritable(path) or 'not full'}") from error


def _open(path: Path, schema: str, version: int, page_size: int) -> sqlite3.Connection:
    connection = sqlite3.connect(_address(path), uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size={page_size}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _Unusable
        with transaction(connection, path):
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if found == 0:
                for statement in schema.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version={version}")
            elif found != version:
                raise _Unusable
        return connection
    except BaseException as error:
        connection.close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            raise _Unusable from error
        raise


def _address(path: Path) -> str:
    """The path as SQLite wants it. Who may only read can make no log beside a file at rest, and needs none."""
    at_rest = path.exists() and not path.with_name(path.name + "-wal").exists()
    reader = not os.access(path.parent, os.W_OK) and unwritable(path) is None
    return path.absolute().as_uri() + ("?immutable=1" if at_rest and reader else "")


def _set_aside(path: Path) -> Path:
    """Rename a database with its log to the first free NAME.damaged-N, and return that."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for part in ("-wal", "-shm", ""):  # the file last: an old log beside a new file would be read into it
        if (found := path.with_name(path.name + part)).exists():
            found.rename(aside.with_name(aside.name + part))
    sync_folder(path.parent)
    return aside
