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

VERSION = 2
SCHEMA = """
CREATE TABLE photos (
    name TEXT PRIMARY KEY, product TEXT NOT NULL, stamp TEXT NOT NULL, hash BLOB, reason TEXT,
    ignored INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX photos_by_hash ON photos (hash);
CREATE TABLE vectors (
    hash BLOB NOT NULL, model TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    isolated INTEGER NOT NULL, note TEXT, views INTEGER NOT NULL, vectors BLOB NOT NULL, UNIQUE (hash, model)
);
CREATE TABLE stamp (model TEXT NOT NULL)
"""

_SHARED = """
SELECT hash FROM photos WHERE reason IS NULL GROUP BY hash HAVING COUNT(DISTINCT product) > 1
"""


State = Literal["enrolled", "refused", "ignored"]


class PhotoRow(NamedTuple):
    """A photo as the bank keeps it.

    name: its path in the folder. stamp: as in `folder.Found`, "" to look at it again at the next sync.
    hash: of its content, None if that could not be read. reason: why it is refused, or ignored; None if it is neither.
    """

    name: str
    product: str
    stamp: str
    hash: bytes | None
    reason: str | None
    ignored: bool = False


class EmbeddedPhoto(NamedTuple):
    """What was embedded: its hash, its size in pixels, whether the object was cut out of it, and a note on that."""

    hash: bytes
    width: int
    height: int
    isolated: bool
    note: str | None = None


class Entry(NamedTuple):
    """A file of the folder as it is told to people.

    reason: why it is refused or ignored, else None. views: the vectors it gave, of a video several. note: on how.
    """

    photo: str
    product: str
    state: State
    reason: str | None
    views: int
    note: str | None


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
        """Given a model's id, return the vectors of the enrolled photos, by name; (0, 0) if there are none.

        A video's several views have the same name.
        """
        return _gallery(self._db, self.path, model)

    def entries(self) -> list[Entry]:
        """Every file in the folder as of the last sync, by name: enrolled, or refused or ignored and why."""
        shared: dict[bytes, list[tuple[str, str]]] = {}
        for digest, name, product in self._ask(f"SELECT hash, name, product FROM photos WHERE hash IN ({_SHARED})"):
            shared.setdefault(digest, []).append((name, product))
        query = "SELECT hash, views, note FROM vectors WHERE model IN (SELECT model FROM stamp)"
        known = {row[0]: (row[1], row[2]) for row in self._ask(query)}
        entries = []
        for row in self.rows().values():
            reason = row.reason
            if reason is None and row.hash in shared:
                other = next(name for name, product in sorted(shared[row.hash]) if product != row.product)
                reason = f"the same photo as {other}, of another product; delete the wrong one"
            state: State = "ignored" if row.ignored else "refused" if reason else "enrolled"
            views, note = (0, None) if reason or row.hash is None else known.get(row.hash, (1, None))
            entries.append(Entry(row.name, row.product, state, reason, views, note))
        return entries

    def rows(self) -> dict[str, PhotoRow]:
        """Every photo, by its name, in the order of names."""
        query = "SELECT * FROM photos ORDER BY name"
        return {row[0]: PhotoRow(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in self._ask(query)}

    def embedded(self, model: str) -> dict[bytes, EmbeddedPhoto]:
        """What the model has embedded, by hash."""
        query = "SELECT hash, width, height, isolated, note FROM vectors WHERE model = ?"
        return {row[0]: EmbeddedPhoto(row[0], row[1], row[2], bool(row[3]), row[4]) for row in self._ask(query, model)}

    def update(
        self,
        rows: Iterable[PhotoRow],
        gone: Iterable[str] = (),
        model: str = "",
        vectors: Mapping[EmbeddedPhoto, Vectors] | None = None,
    ) -> None:
        """Keep these photos, forget those that are gone and keep new vectors, in one transaction.

        vectors: (views, D) float32 of each content.
        """
        with transaction(self._db, self.path):
            self._db.executemany("DELETE FROM photos WHERE name = ?", ((name,) for name in gone))
            self._db.executemany("REPLACE INTO photos VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._db.executemany(
                "REPLACE INTO vectors VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (key.hash, model, *key[1:], len(views), views.astype("<f4").tobytes())
                    for key, views in (vectors or {}).items()
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
            total = f"SELECT TOTAL(views), MAX(LENGTH(vectors) / views) {query}"
            count, size = db.execute(total, (model,)).fetchone()
            vectors: Vectors = np.empty((int(count), (size or 0) // 4), np.float32)
            rows = db.execute(f"SELECT product, name, views, vectors {query} ORDER BY name", (model,))
            for product, name, views, blob in rows:
                vectors[len(names) : len(names) + views] = np.frombuffer(blob, "<f4").reshape(views, -1)
                names += [(product, name)] * views
    except ValueError as error:
        raise StoreError(f"{path}: vectors of different lengths; delete the file, it is rebuilt") from error
    return Gallery(vectors, tuple(product for product, _ in names), tuple(name for _, name in names))
