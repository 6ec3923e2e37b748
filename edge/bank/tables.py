"""How photos and vectors lie in the bank: the steps of its schema, and what is asked of it."""

import sqlite3
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

import numpy as np

from edge.storage.schema import Damaged, Schema
from edge.types import Gallery, Vectors

BANK = Schema(
    steps=(
        """
CREATE TABLE photos (
    name TEXT PRIMARY KEY, product TEXT NOT NULL, stamp TEXT NOT NULL, hash BLOB, reason TEXT
) WITHOUT ROWID;
CREATE INDEX photos_by_hash ON photos (hash);
CREATE TABLE vectors (
    hash BLOB NOT NULL, model TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    isolated INTEGER NOT NULL, vector BLOB NOT NULL, UNIQUE (hash, model)
);
CREATE TABLE stamp (model TEXT NOT NULL)
""",
        """
ALTER TABLE photos ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE vectors RENAME COLUMN vector TO vectors;
ALTER TABLE vectors ADD COLUMN note TEXT;
ALTER TABLE vectors ADD COLUMN views INTEGER NOT NULL DEFAULT 1
""",
    )
)

LENGTH_TOLERANCE = 0.1
"""By how much the length of a vector may differ from 1; more is damage."""

_SHARED = """
SELECT hash FROM photos WHERE reason IS NULL GROUP BY hash HAVING COUNT(DISTINCT product) > 1
"""

_PHOTO = "name, product, stamp, hash, reason, ignored"
_VECTORS = "hash, model, width, height, isolated, note, views, vectors"

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
    """A file of the folder as it is reported to people.

    reason: why it is refused or ignored, else None. views: the vectors it gave, of a video several. note: on how.
    """

    photo: str
    product: str
    state: State
    reason: str | None
    views: int
    note: str | None


def model(db: sqlite3.Connection) -> str | None:
    """The id of the model that the whole folder was last embedded with; None before that."""
    row = db.execute("SELECT model FROM stamp").fetchone()
    return str(row[0]) if row else None


def photos(db: sqlite3.Connection) -> dict[str, PhotoRow]:
    """Every photo, by its name, in the order of names. Raise Damaged."""
    return {row[0]: _photo(row) for row in db.execute(f"SELECT {_PHOTO} FROM photos ORDER BY name")}


def contents(db: sqlite3.Connection) -> dict[str, tuple[Entry, bytes | None]]:
    """Every file, by its name, in the order of names: what is reported of it, and its hash. Raise Damaged."""
    shared: dict[bytes, list[tuple[str, str]]] = {}
    for digest, name, product in db.execute(f"SELECT hash, name, product FROM photos WHERE hash IN ({_SHARED})"):
        shared.setdefault(digest, []).append((name, product))
    query = "SELECT hash, views, note FROM vectors WHERE model IN (SELECT model FROM stamp)"
    known = {digest: (views, note) for digest, views, note in db.execute(query)}
    found = {}
    for row in photos(db).values():
        reason = row.reason
        others = shared.get(row.hash, []) if row.hash and reason is None else []
        if other := min((name for name, product in others if product != row.product), default=None):
            reason = f"the same photo as {other}, of another product; delete the wrong one"
        state: State = "ignored" if row.ignored else "refused" if reason else "enrolled"
        views, note = (0, None) if reason or row.hash is None else known.get(row.hash, (1, None))
        found[row.name] = Entry(row.name, row.product, state, reason, _whole(views), _text(note)), row.hash
    return found


def embedded(db: sqlite3.Connection, model: str) -> dict[bytes, EmbeddedPhoto]:
    """What the model has embedded, by hash. Raise Damaged."""
    found = {}
    query = "SELECT hash, width, height, isolated, note FROM vectors WHERE model = ?"
    for digest, width, height, isolated, note in db.execute(query, (model,)):
        if not isinstance(digest, bytes):
            raise Damaged("the hash of an embedded photo")
        found[digest] = EmbeddedPhoto(digest, _whole(width), _whole(height), bool(_whole(isolated)), _text(note))
    return found


def gallery(db: sqlite3.Connection, model: str) -> Gallery:
    """The vectors of the enrolled photos, by name; (0, 0) if there are none. Raise Damaged."""
    query = f"""FROM photos JOIN vectors USING (hash)
        WHERE model = ? AND reason IS NULL AND hash NOT IN ({_SHARED})"""
    count, size = db.execute(f"SELECT TOTAL(views), MAX(LENGTH(vectors) / views) {query}", (model,)).fetchone()
    names: list[tuple[str, str]] = []
    try:
        vectors: Vectors = np.empty((int(count), (size or 0) // 4), np.float32)
        for product, name, views, blob in db.execute(
            f"SELECT product, name, views, vectors {query} ORDER BY name", (model,)
        ):
            vectors[len(names) : len(names) + views] = np.frombuffer(blob, "<f4").reshape(views, -1)
            names += [(product, name)] * views
    except (TypeError, ValueError, MemoryError) as error:
        raise Damaged(f"a vector: {error}") from error
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    if len(names) != len(vectors) or not (abs(lengths - 1) <= LENGTH_TOLERANCE).all():  # nor if it is not a number
        raise Damaged("a vector that is not of unit length")
    if not all(isinstance(text, str) for pair in names for text in pair):
        raise Damaged("the name of a photo")
    return Gallery(vectors, tuple(product for product, _ in names), tuple(name for _, name in names))


def keep(db: sqlite3.Connection, rows: Iterable[PhotoRow], gone: Iterable[str]) -> None:
    """Keep these photos, and forget those that are gone."""
    db.executemany("DELETE FROM photos WHERE name = ?", ((name,) for name in gone))
    db.executemany(f"REPLACE INTO photos ({_PHOTO}) VALUES (?, ?, ?, ?, ?, ?)", rows)


def keep_vectors(db: sqlite3.Connection, rows: Iterable[tuple[object, ...]]) -> None:
    """Keep these rows of the table of vectors: hash, model, width, height, isolated, note, views, vectors."""
    db.executemany(f"REPLACE INTO vectors ({_VECTORS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def vectors(db: sqlite3.Connection) -> Iterable[tuple[object, ...]]:
    """The rows of the table of vectors."""
    return db.execute(f"SELECT {_VECTORS} FROM vectors")


def settle(db: sqlite3.Connection, name: str) -> None:
    """Note that the whole folder is embedded with this model; drop the vectors of others and of photos now gone."""
    if model(db) != name:
        db.execute("DELETE FROM stamp")
        db.execute("INSERT INTO stamp (model) VALUES (?)", (name,))
    db.execute(
        """DELETE FROM vectors WHERE model != ?
        OR NOT EXISTS (SELECT 1 FROM photos WHERE photos.hash = vectors.hash)""",
        (name,),
    )


def _photo(row: tuple[Any, ...]) -> PhotoRow:
    name, product, stamp, digest, reason, ignored = row
    if not all(isinstance(text, str) for text in (name, product, stamp)) or not isinstance(digest, bytes | None):
        raise Damaged("the name of a photo")
    return PhotoRow(name, product, stamp, digest, _text(reason), bool(_whole(ignored)))


def _text(value: object) -> str | None:
    if not isinstance(value, str | None):
        raise Damaged("what is noted of a photo")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise Damaged("a number of a photo")
    return value
