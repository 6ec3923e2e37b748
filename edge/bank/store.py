"""The bank: what is enrolled, in SQLite.

It is derived from the enrollment folder and can be rebuilt from it at any time. A photo is known by the hash of its
content, a vector by that hash and the model that made it, so a renamed photo keeps its vector and vectors of different
models never meet. That two products share a photo is not stored but asked at each reading: it mends itself.
"""

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self

import numpy as np

from edge.errors import StoreError
from edge.storage.database import frozen, open_database, transaction
from edge.types import Gallery, Vectors

log = logging.getLogger(__name__)

VERSION = 1
SCHEMA = """
CREATE TABLE photos (
    name TEXT PRIMARY KEY, product TEXT NOT NULL, stamp TEXT NOT NULL, hash BLOB, reason TEXT
) WITHOUT ROWID;
CREATE INDEX photos_by_hash ON photos (hash);
CREATE TABLE vectors (
    hash BLOB NOT NULL, model TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    isolated INTEGER NOT NULL, vector BLOB NOT NULL, UNIQUE (hash, model)
);
CREATE TABLE stamp (model TEXT NOT NULL)
"""

_SHARED = """
SELECT hash FROM photos WHERE reason IS NULL GROUP BY hash HAVING COUNT(DISTINCT product) > 1
"""


class PhotoRow(NamedTuple):
    """A photo as the bank keeps it.

    name: its path in the folder. stamp: as in `folder.Found`, "" to look at it again at the next sync.
    hash: of its content, None if that could not be read. reason: why it is refused, None if it is not.
    """

    name: str
    product: str
    stamp: str
    hash: bytes | None
    reason: str | None


class EmbeddedPhoto(NamedTuple):
    """A vector to keep: of which content, the picture's size in pixels, and whether the object was cut out of it."""

    hash: bytes
    width: int
    height: int
    isolated: bool


class Entry(NamedTuple):
    """A photo as it is told to people; reason is None unless it is refused."""

    photo: str
    product: str
    state: Literal["enrolled", "refused"]
    reason: str | None


class Bank:
    """The enrolled photos; to be used from the thread that opened it.

    set_aside: where a damaged file found at opening was kept, or None.
    """

    def __init__(self, path: Path) -> None:
        """Given the path of the SQLite file, open it, made anew if missing or damaged. Raise StoreError."""
        self.path = path
        self._db, self.set_aside = open_database(path, SCHEMA, VERSION)
        if self.set_aside:
            log.warning("bank %s could not be used; kept as %s and rebuilt from the photos", path, self.set_aside.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def model(self) -> str | None:
        """The id of the model that the whole folder was last embedded with; None before that."""
        row = self._ask("SELECT model FROM stamp").fetchone()
        return row[0] if row else None

    @property
    def revision(self) -> tuple[int, int]:
        """Another value after each change, by this connection or by another process."""
        (version,) = self._ask("PRAGMA data_version").fetchone()
        return version, self._db.total_changes

    def gallery(self, model: str) -> Gallery:
        """Given a model's id, return the enrolled photos that it has embedded, by name; (0, 0) if there are none."""
        return _gallery(self._db, self.path, model)

    def entries(self) -> list[Entry]:
        """Every photo in the folder as of the last sync, by name: enrolled, or refused and why."""
        shared: dict[bytes, list[tuple[str, str]]] = {}
        for digest, name, product in self._ask(f"SELECT hash, name, product FROM photos WHERE hash IN ({_SHARED})"):
            shared.setdefault(digest, []).append((name, product))
        entries = []
        for row in self.rows().values():
            reason = row.reason
            if reason is None and row.hash in shared:
                other = next(name for name, product in sorted(shared[row.hash]) if product != row.product)
                reason = f"the same photo as {other}, of another product; delete the wrong one"
            entries.append(Entry(row.name, row.product, "refused" if reason else "enrolled", reason))
        return entries

    def rows(self) -> dict[str, PhotoRow]:
        """Every photo, by its name, in the order of names."""
        return {row[0]: PhotoRow(*row) for row in self._ask("SELECT * FROM photos ORDER BY name")}

    def embedded(self, model: str) -> dict[bytes, EmbeddedPhoto]:
        """What the model has embedded, by hash."""
        query = "SELECT hash, width, height, isolated FROM vectors WHERE model = ?"
        return {row[0]: EmbeddedPhoto(row[0], row[1], row[2], bool(row[3])) for row in self._ask(query, model)}

    def update(
        self,
        rows: Iterable[PhotoRow],
        gone: Iterable[str] = (),
        model: str = "",
        vectors: Mapping[EmbeddedPhoto, Vectors] | None = None,
    ) -> None:
        """Keep these photos, forget those that are gone and keep new vectors, (D,) float32 each, in one transaction."""
        with transaction(self._db, self.path):
            self._db.executemany("DELETE FROM photos WHERE name = ?", ((name,) for name in gone))
            self._db.executemany("REPLACE INTO photos VALUES (?, ?, ?, ?, ?)", rows)
            self._db.executemany(
                "REPLACE INTO vectors VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (key.hash, model, key.width, key.height, key.isolated, vector.astype("<f4").tobytes())
                    for key, vector in (vectors or {}).items()
                ),
            )

    def settle(self, model: str) -> None:
        """Say that the whole folder is embedded with this model; drop the vectors of others and of photos now gone."""
        with transaction(self._db, self.path):
            if self.model != model:
                self._db.execute("DELETE FROM stamp")
                self._db.execute("INSERT INTO stamp VALUES (?)", (model,))
            self._db.execute(
                """DELETE FROM vectors WHERE model != ?
                OR NOT EXISTS (SELECT 1 FROM photos WHERE photos.hash = vectors.hash)""",
                (model,),
            )

    def _ask(self, query: str, *values: str) -> sqlite3.Cursor:
        try:
            return self._db.execute(query, values)
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {error}; if it stays so, delete the file, it is rebuilt") from error


def frozen_gallery(path: Path, model: str) -> Gallery:
    """Given the path of a bank on a full or read-only disk, return what `Bank.gallery` would. Raise StoreError."""
    with frozen(path) as connection:
        return _gallery(connection, path, model)


def _gallery(db: sqlite3.Connection, path: Path, model: str) -> Gallery:
    query = f"""FROM photos JOIN vectors USING (hash)
        WHERE model = ? AND reason IS NULL AND hash NOT IN ({_SHARED})"""
    names: list[tuple[str, str]] = []
    try:
        with transaction(db, path, "DEFERRED"):
            count, size = db.execute(f"SELECT COUNT(*), MAX(LENGTH(vector)) {query}", (model,)).fetchone()
            vectors: Vectors = np.empty((count, (size or 0) // 4), np.float32)
            rows = db.execute(f"SELECT product, name, vector {query} ORDER BY name", (model,))
            for vector, (product, name, blob) in zip(vectors, rows, strict=True):
                vector[:] = np.frombuffer(blob, "<f4")
                names.append((product, name))
    except ValueError as error:
        raise StoreError(f"{path}: vectors of different lengths; delete the file, it is rebuilt") from error
    return Gallery(vectors, tuple(product for product, _ in names), tuple(name for _, name in names))
