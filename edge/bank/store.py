"""The bank: what is enrolled, in SQLite.

It is derived from the enrollment folder and can be rebuilt from it at any time. A photo is known by the hash of its
content, a vector by that hash and the model that made it, so a renamed photo keeps its vector and vectors of different
models never meet. That two products share a photo is not stored but asked at each reading, so it ends with its cause.
"""

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from edge.bank import tables
from edge.bank.tables import BANK, EmbeddedPhoto, Entry, PhotoRow
from edge.errors import StoreError
from edge.storage.database import Database, MemoryDatabase
from edge.storage.reader import ReadOnly
from edge.types import Gallery, Vectors

log = logging.getLogger(__name__)


class BankReader:
    """The enrolled photos, for whoever only reads them; to be used from the thread that opened it."""

    def __init__(self, path: Path) -> None:
        """Given the path of the SQLite file, open it for reading. Raise StoreError if it is missing or unreadable."""
        self.path = path
        self._file: ReadOnly | Database = ReadOnly(path, BANK)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def model(self) -> str | None:
        """The id of the model that the whole folder was last embedded with; None before that."""
        return self._file.read(tables.model)

    def gallery(self, model: str) -> Gallery:
        """Given a model's id, return the vectors of the enrolled photos, by name; (0, 0) if there are none.

        A video's several views have the same name.
        """
        return self._file.read(partial(tables.gallery, model=model))

    def contents(self) -> dict[str, tuple[Entry, bytes | None]]:
        """Every file as of the last sync, by its name, in the order of names: what is reported of it, and its hash."""
        return self._file.read(tables.contents)

    def entries(self) -> list[Entry]:
        """Every file in the folder as of the last sync, by name: enrolled, or refused or ignored and why."""
        return [entry for entry, _ in self.contents().values()]

    def rows(self) -> dict[str, PhotoRow]:
        """Every photo, by its name, in the order of names."""
        return self._file.read(tables.photos)

    def embedded(self, model: str) -> dict[bytes, EmbeddedPhoto]:
        """What the model has embedded, by hash."""
        return self._file.read(partial(tables.embedded, model=model))

    def copy(self, to: "Bank") -> None:
        """Put everything into another, empty bank. Raise StoreError."""

        def work(db: sqlite3.Connection) -> None:
            to.update(tables.photos(db).values())
            to.put(tables.vectors(db))

        self._file.read(work)


class Bank(BankReader):
    """The enrolled photos, to be read and changed; to be used from the thread that opened it.

    Every method raises DatabaseDamaged if the file turns out to be damaged: it then is set aside, and the bank is empty
    until the next sync; StoreError for any other fault.
    """

    def __init__(self, path: Path, *, memory: bool = False) -> None:
        """Given the path of the SQLite file, open it; make it if it is missing or damaged. Raise StoreError.

        memory: work on a copy in memory instead, which changes nothing on the disk and is empty if there is none.
        """
        self.path = path
        self.database = (MemoryDatabase if memory else Database)(path, BANK)
        self._file = self.database
        self.database.open()
        if self.set_aside:
            log.warning("%s: was damaged; kept as %s, rebuilt from the photos", path, self.set_aside.name)
        if memory:
            with suppress(StoreError), closing(BankReader(path)) as found:
                found.copy(self)

    @property
    def set_aside(self) -> Path | None:
        """Where the last damaged file was kept, or None."""
        return self.database.set_aside

    @property
    def revision(self) -> tuple[int, int, int]:
        """Another value after each change, by this connection or by another process."""
        return self.database.changes

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
        added = [
            (key.hash, model, *key[1:], len(views), views.astype("<f4").tobytes())
            for key, views in (vectors or {}).items()
        ]

        def work(db: sqlite3.Connection) -> None:
            tables.keep(db, rows, gone)
            tables.keep_vectors(db, added)

        self.database.write(work)

    def put(self, vectors: Iterable[tuple[object, ...]]) -> None:
        """Keep vectors as another bank gave them."""
        self.database.write(lambda db: tables.keep_vectors(db, vectors))

    def settle(self, model: str) -> None:
        """Note that the whole folder is embedded with this model; drop the vectors of others and of photos now gone."""
        self.database.write(lambda db: tables.settle(db, model))
