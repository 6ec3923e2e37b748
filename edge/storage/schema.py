"""What a database holds, as a list of numbered steps, and whether a file holds just that.

The version of a file is its `PRAGMA user_version`: the number of steps that made it. A file of a lower version is
brought up to date by the steps that it lacks, in one transaction. A higher version belongs to a newer program: the file
is left alone, and refused by name.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from edge.errors import NewerDatabase, StoreError

HIGHEST_VERSION = 99
"""A version above this one is no version, but damage."""


class Damaged(Exception):
    """What a database holds is not what this program wrote."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The steps of one kind of database.

    steps: each the statements, separated by semicolons, that bring a file from the version before it to its own; the
    first makes the file. A step that was released is never changed.
    page_size: bytes, a power of two from 512 to 65536; what one commit writes is a multiple of it.
    """

    steps: tuple[str, ...]
    page_size: int = 4096

    @property
    def version(self) -> int:
        """The version that this program reads and writes."""
        return len(self.steps)


def check(connection: sqlite3.Connection, path: Path, schema: Schema) -> int:
    """Given an open database, return its version; 0 for one that is empty.

    Raise NewerDatabase, or Damaged if the tables are not those of its version.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if schema.version < version <= HIGHEST_VERSION:
        raise NewerDatabase(
            f"{path}: of version {version}, this program knows versions up to {schema.version}; "
            "install a newer Bottlebank, or move the file away"
        )
    if not 0 <= version <= schema.version:
        raise Damaged(f"version {version}")
    if _tables(connection) != _expected(schema, version):
        raise Damaged("unexpected tables")
    return int(version)


def check_pages(connection: sqlite3.Connection) -> None:
    """Given an open database, read all of it. Raise Damaged if its pages do not fit together."""
    (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise Damaged(" ".join(str(answer).split()))


def migrate(connection: sqlite3.Connection, path: Path, schema: Schema, version: int) -> None:
    """Given a sound database of a lower version, in a transaction, bring it to that of the schema. Raise StoreError."""
    for number, step in enumerate(schema.steps[version:], version + 1):
        try:
            for statement in step.split(";"):
                connection.execute(statement)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: {error}, on the way from version {version} to {number}") from error
    connection.execute(f"PRAGMA user_version={schema.version}")


def _tables(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Every table and index with its columns; not as text, which other versions of SQLite may write otherwise."""
    return connection.execute(
        """SELECT master.type, master.name, tbl_name, info.name, info.type, info."notnull", info.pk
        FROM sqlite_master AS master LEFT JOIN pragma_table_info(master.name) AS info ORDER BY master.name, info.cid"""
    ).fetchall()


@cache
def _expected(schema: Schema, version: int) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        migrate(connection, Path(), Schema(schema.steps[:version]), 0)
        return _tables(connection)
