"""SQLite databases that survive a power cut, and that never stop the service by being damaged.

Write-ahead log, every commit synced to the card (https://sqlite.org/wal.html). A file that is found damaged, when it is
opened or by any later query, is set aside under another name for a person to look at, and a new one takes its place.
Its pages are checked when it is opened; that reads the whole file.
"""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from traceback import clear_frames
from typing import TypeVar

from edge.errors import DatabaseDamaged, StoreError
from edge.storage.files import sync_folder
from edge.storage.lock import holder
from edge.storage.schema import Damaged, Schema, check, check_pages, migrate
from edge.text import one_line, printable

log = logging.getLogger(__name__)

NEEDED = 65536
"""Bytes that must be free for a database to be opened: its shared memory and the beginning of a log."""

T = TypeVar("T")

_DAMAGE = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_MISMATCH}
_DAMAGE |= {sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}
"""Result codes that a sound file does not give: the statements are right, so the file is not."""

OPEN = (0x40000002, 510)
"""The bytes that whoever has a database in use keeps locked (SQLite's SHARED_FIRST and SHARED_SIZE): start, length."""

PARTS = ("-wal", "-shm", "")
"""What a database's files are called, after its path; the file last: an old log beside a new file would be read."""


class Database:
    """A database in autocommit mode, to be used from one thread.

    set_aside: where the last damaged file was kept, or None.
    """

    def __init__(
        self,
        path: Path,
        schema: Schema,
        rescue: Callable[[Path, sqlite3.Connection], None] = lambda path, to: None,
        *,
        only_writer: bool = False,
    ) -> None:
        """Given a path, be ready to open the file there.

        rescue: given a damaged file and the new one, in a transaction, saves into the latter what it can.
        only_writer: no other process writes the file, so a damaged one is replaced although others have it open.
        """
        self.path = path
        self.set_aside: Path | None = None
        self._schema, self._rescue, self._only_writer = schema, rescue, only_writer
        self._connection: sqlite3.Connection | None = None
        self._inode: int | None = None

    def open(self) -> None:
        """Open the file; make it if it is missing or damaged.

        Raise NewerDatabase, or StoreError if the file cannot be opened or written.
        """
        with suppress(DatabaseDamaged), self._reported():
            self._connect()

    def close(self) -> None:
        """Close the file."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Given what reads, return what it returns; all of it sees one state. Raise as `write` does."""
        return self._transact(work, "DEFERRED")

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Given what writes, commit all of it durably, or nothing, and return what it returns.

        Raise DatabaseDamaged if the file was found damaged and another has taken its place, which is now in use;
        StoreError for any other fault.
        """
        return self._transact(work, "IMMEDIATE")

    @property
    def changes(self) -> tuple[int, int, int]:
        """Another value after each change, by this connection or by another process."""
        version, own = self.read(lambda db: (db.execute("PRAGMA data_version").fetchone()[0], db.total_changes))
        return self._inode or 0, version, own

    def _transact(self, work: Callable[[sqlite3.Connection], T], kind: str) -> T:
        with self._reported():
            connection = self._connect()
            try:
                connection.execute(f"BEGIN {kind}")
                result = work(connection)
                connection.execute("COMMIT")
                return result
            finally:
                if connection.in_transaction:
                    with suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")

    def _connect(self) -> sqlite3.Connection:
        """The connection; another one if the file was deleted or exchanged since."""
        if self._connection and (not self.path.exists() or self.path.stat().st_ino != self._inode):
            log.warning("%s: deleted or exchanged while in use; opened again", self.path)
            self.close()
        if not self._connection:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _open(self.path, self._schema)
            self._inode = self.path.stat().st_ino
        return self._connection

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Replace the file if what is done inside finds it damaged. Raise what `write` does."""
        try:
            yield
        except StoreError:
            raise
        except (sqlite3.Error, UnicodeDecodeError, Damaged, OSError) as error:
            if not (damage(error) or _protected(self.path, error)):
                raise _unusable(self.path, error) from error
            clear_frames(error.__traceback__)  # a statement held by one would keep the file open
            try:
                self.set_aside = self._replace()
                self._connect()
            except StoreError:
                raise
            except (sqlite3.Error, OSError) as second:
                raise _unusable(self.path, second) from second
            reason = f"{self.path}: damaged ({line(error)}); kept as {self.set_aside.name}, a new one was started"
            raise DatabaseDamaged(reason) from error

    def _replace(self) -> Path:
        """Put a new file in the place of the damaged one, with what can be saved; return where that one is kept."""
        with suppress(sqlite3.Error):
            self.close()
        if not self._only_writer and (process := holder(self.path, OPEN)):
            raise StoreError(f"{self.path}: damaged, and in use by process {process}; stop that one, then try again")
        new = self.path.with_name(f".{self.path.name}.new")
        for part in PARTS:
            new.with_name(new.name + part).unlink(missing_ok=True)
        with closing(_open(new, self._schema)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            self._rescue(self.path, connection)
            connection.execute("COMMIT")
        aside = _set_aside(self.path)
        new.rename(self.path)
        sync_folder(self.path.parent)
        return aside


class MemoryDatabase(Database):
    """The same in memory, for when the card cannot be used: gone when it is closed. The path serves for messages."""

    def _connect(self) -> sqlite3.Connection:
        if not self._connection:
            self._connection = sqlite3.connect(":memory:", isolation_level=None)
            migrate(self._connection, self.path, self._schema, 0)
        return self._connection

    def _replace(self) -> Path:
        self.close()
        return self.path


def damage(error: Exception) -> bool:
    """Given what a database raised, return whether the file is damaged, and not just locked, full or unreachable."""
    if not isinstance(error, sqlite3.Error):
        return not isinstance(error, OSError)
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # from Python, which could not decode a text
        return isinstance(error, sqlite3.OperationalError)
    return code in _DAMAGE or code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def line(error: Exception) -> str:
    """Given an error, return its message in one line of printable characters, without a file's name."""
    return printable(error.strerror if isinstance(error, OSError) and error.strerror else one_line(error))


def unwritable(path: Path) -> str | None:
    """Given a path, return "full" or "read-only" if the disk that it lies on is so, else None."""
    folder = path.parent
    while not folder.exists():
        folder = folder.parent
    disk = os.statvfs(folder)
    if disk.f_flag & os.ST_RDONLY:
        return "read-only"
    return "full" if disk.f_bavail * disk.f_frsize < NEEDED else None


def _open(path: Path, schema: Schema) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size={schema.page_size}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        check_pages(connection)
        connection.execute("BEGIN IMMEDIATE")
        version = check(connection, path, schema)
        if version < schema.version:
            migrate(connection, path, schema, version)
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _protected(path: Path, error: Exception) -> bool:
    """Whether nothing but the header of the file keeps it from being written."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY and os.access(path, os.W_OK)


def _unusable(path: Path, error: Exception) -> StoreError:
    state = unwritable(path)
    advice = f"the disk is {state}" if state else "expected a folder that this user may write to, with space left"
    return StoreError(f"{path}: {line(error)}; {advice}")


def _set_aside(path: Path) -> Path:
    """Rename a database with its log to the first free NAME.damaged-N, and return that."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for part in PARTS:
        if (found := path.with_name(path.name + part)).exists():
            found.rename(aside.with_name(aside.name + part))
    return aside
