"""Whoever only reads changes nothing: no file is created, renamed, moved or written."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.errors import NewerDatabase, StoreError
from edge.storage.database import Database
from edge.storage.reader import ReadOnly
from edge.storage.schema import Schema

SCHEMA = Schema(("CREATE TABLE t (a)",))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Database]:
    """A service that has written 42."""
    database = Database(tmp_path / "state" / "a.db", SCHEMA)
    database.open()
    database.write(lambda db: db.execute("INSERT INTO t (a) VALUES (42)"))
    yield database
    database.close()


def values(path: Path) -> list[int]:
    with closing(ReadOnly(path, SCHEMA)) as file:
        return file.read(lambda db: [a for (a,) in db.execute("SELECT a FROM t")])


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Content and inode of every file but the shared memory, which is none's content."""
    found = {path.name: (path.read_bytes(), path.stat().st_ino) for path in folder.iterdir()}
    return {name: (b"" if name.endswith("-shm") else content, inode) for name, (content, inode) in found.items()}


def test_a_file_at_rest(service: Database) -> None:
    service.close()
    before = state(service.path.parent)
    assert values(service.path) == [42] and state(service.path.parent) == before
    assert list(before) == ["a.db"]


def test_a_file_in_use(service: Database) -> None:
    before = state(service.path.parent)
    assert values(service.path) == [42] and state(service.path.parent) == before
    assert sorted(before) == ["a.db", "a.db-shm", "a.db-wal"]


@pytest.mark.parametrize("left", ["a.db-shm", "a.db-none"])
def test_what_a_crash_or_a_copy_left(service: Database, tmp_path: Path, left: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(service.path.parent, copy)
    (copy / "a.db-shm").rename(copy / left)
    before = state(copy)
    assert values(copy / "a.db") == [42] and state(copy) == before


def test_somebody_else_who_may_only_read(service: Database) -> None:
    folder = service.path.parent
    for above in (folder.parent, *folder.parent.parents[:3]):  # pytest's own are closed to others
        above.chmod(above.stat().st_mode | 0o055)
    for at_rest in (False, True):
        if at_rest:
            service.close()
        folder.chmod(0o555)
        child = os.fork()
        if child == 0:
            try:
                if os.geteuid() == 0:
                    os.setuid(65534)
                os._exit(values(service.path) != [42])
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
        folder.chmod(0o755)


def test_one_read_sees_one_state(service: Database) -> None:
    def work(db: sqlite3.Connection) -> tuple[int, int]:
        (before,) = db.execute("SELECT COUNT(*) FROM t").fetchone()
        service.write(lambda other: other.execute("INSERT INTO t (a) VALUES (43)"))
        (after,) = db.execute("SELECT COUNT(*) FROM t").fetchone()
        return before, after

    with closing(ReadOnly(service.path, SCHEMA)) as file:
        assert file.read(work) == (1, 1)
    assert values(service.path) == [42, 43]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere\.db: not found; the service makes it"):
        ReadOnly(tmp_path / "nowhere.db", SCHEMA)
    assert not list(tmp_path.iterdir())


def test_a_damaged_file_is_reported_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match=r"a\.db: damaged \(file is not a database\); the service sets it aside"):
        values(path)
    assert os.listdir(tmp_path) == ["a.db"]


def test_a_newer_version_is_refused_by_name(service: Database) -> None:
    service.write(lambda db: db.execute("PRAGMA user_version=99"))
    with pytest.raises(NewerDatabase, match="of version 99"):
        values(service.path)
