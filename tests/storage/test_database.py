"""A database that is found damaged, of another version, in use, deleted; opened to write."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.errors import DatabaseDamaged, NewerDatabase, StoreError
from edge.storage.database import Database
from edge.storage.schema import Damaged, Schema

ONE = Schema(("CREATE TABLE t (a)",))
TWO = Schema((*ONE.steps, "ALTER TABLE t ADD COLUMN b TEXT; CREATE TABLE u (c)"))


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT a FROM t")
print(flush=True)
input()
"""


def opened(path: Path, schema: Schema = ONE) -> Database:
    database = Database(path, schema)
    database.open()
    return database


def put(database: Database, value: object) -> None:
    database.write(lambda db: db.execute("INSERT INTO t (a) VALUES (?)", (value,)))


def values(database: Database) -> list[object]:
    return database.read(lambda db: [a for (a,) in db.execute("SELECT a FROM t")])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "state" / "a.db"
    with closing(opened(path)) as database:
        put(database, 42)
    return path


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with closing(opened(path)) as database:
        yield database


def test_an_older_version_is_brought_up_to_date(path: Path) -> None:
    for _ in range(2):
        with closing(opened(path, TWO)) as database:
            assert database.set_aside is None and values(database) == [42]
            assert database.read(lambda db: db.execute("SELECT a, b FROM t, u").fetchall()) == []
            assert database.read(lambda db: db.execute("PRAGMA user_version").fetchone()) == (2,)


def test_a_step_that_fails_changes_nothing(path: Path) -> None:
    broken = Schema((*ONE.steps, "CREATE TABLE u (c); INSERT INTO nowhere VALUES (1)"))
    with pytest.raises(StoreError, match="no such table: nowhere, on the way from version 1 to 2"):
        opened(path, broken)
    with closing(opened(path)) as database:
        assert database.set_aside is None and values(database) == [42]


def test_a_newer_version_is_refused_by_name_and_left_alone(path: Path) -> None:
    with closing(opened(path, TWO)):
        pass
    before = path.read_bytes()
    with pytest.raises(NewerDatabase, match=r"a\.db: of version 2, this program knows versions up to 1; install"):
        opened(path)
    assert path.read_bytes() == before and os.listdir(path.parent) == ["a.db"]


@pytest.mark.parametrize("statement", ["PRAGMA user_version=100", "PRAGMA user_version=0", "CREATE TABLE v (a)"])
def test_a_database_that_is_not_ours_is_set_aside(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
    with closing(opened(path)) as database:
        assert database.set_aside == path.with_name("a.db.damaged-1") and values(database) == []


def test_damage_that_a_query_finds_is_set_aside_and_the_next_one_works(path: Path, database: Database) -> None:
    def work(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO t (a) VALUES (1)")
        raise Damaged("a strange value")

    with pytest.raises(DatabaseDamaged, match=r"a\.db: damaged \(a strange value\); kept as a\.db\.damaged-1"):
        database.write(work)
    assert values(database) == []
    put(database, 7)
    with closing(opened(path)) as again, closing(opened(path.with_name("a.db.damaged-1"))) as kept:
        assert values(again) == [7] and values(kept) == [42]


def test_a_text_that_is_no_text_is_damage(database: Database) -> None:
    database.write(lambda db: db.execute("INSERT INTO t (a) VALUES (CAST(x'ff' AS TEXT))"))
    with pytest.raises(DatabaseDamaged):
        values(database)


def test_what_can_be_saved_is_in_the_new_file(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)

    def rescue(damaged: Path, new: sqlite3.Connection) -> None:
        assert damaged.read_bytes().startswith(b"no database")
        new.execute("INSERT INTO t (a) VALUES ('saved')")

    database = Database(path, ONE, rescue)
    database.open()
    assert values(database) == ["saved"]
    database.close()


def test_a_rescue_that_ends_early_leaves_the_damaged_file_for_the_next_try(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)

    def killed(damaged: Path, new: sqlite3.Connection) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Database(path, ONE, killed).open()
    assert path.read_bytes().startswith(b"no database")
    with closing(opened(path)) as database:
        assert database.set_aside


def test_a_damaged_file_in_use_elsewhere_is_replaced_only_by_its_only_writer(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout and other.stdout.readline() == "\n"
        with closing(opened(path)) as database:
            database.write(lambda db: db.execute("INSERT INTO t (a) VALUES (CAST(x'ff' AS TEXT))"))
            with pytest.raises(StoreError, match=f"in use by process {other.pid}; stop that one"):
                values(database)
            only_writer = Database(path, ONE, only_writer=True)
            with closing(only_writer), pytest.raises(DatabaseDamaged):
                values(only_writer)
            other.communicate("\n")


def test_a_file_that_is_deleted_while_in_use_is_made_again(path: Path, database: Database) -> None:
    path.unlink()
    put(database, 7)
    with closing(opened(path)) as again:
        assert values(again) == [7]


def test_a_locked_file_is_no_damage(path: Path, database: Database) -> None:
    database.read(lambda db: db.execute("PRAGMA busy_timeout=1"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked") as raised:
            put(database, 1)
    assert not isinstance(raised.value, DatabaseDamaged) and database.set_aside is None
    put(database, 1)


def test_a_folder_in_its_place_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"^[^\n]*expected a folder that this user may write to[^\n]*$"):
        opened(tmp_path)
