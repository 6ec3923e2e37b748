import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge.storage.database import open_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "state" / "a.db"
    connection, _ = open_database(found, "CREATE TABLE t (a)", 1)
    connection.execute("INSERT INTO t VALUES (42)")
    connection.close()
    for folder in (tmp_path, *tmp_path.parents[:3]):  # pytest's own are closed to others
        folder.chmod(folder.stat().st_mode | 0o055)
    found.parent.chmod(0o555)
    found.chmod(0o444)
    return found


def read_as_somebody_else(path: Path) -> None:
    """In a child, for root may write anywhere."""
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            with closing(open_database(path, "CREATE TABLE t (a)", 1)[0]) as connection:
                assert connection.execute("SELECT a FROM t").fetchall() == [(42,)]
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


def test_who_may_only_read_reads_a_file_at_rest(path: Path) -> None:
    read_as_somebody_else(path)
    assert os.listdir(path.parent) == ["a.db"]


def test_who_may_only_read_reads_a_file_in_use(path: Path) -> None:
    path.parent.chmod(0o755)
    path.chmod(0o644)
    with closing(sqlite3.connect(path)) as service:
        assert service.execute("SELECT a FROM t").fetchall() == [(42,)]
        assert path.with_name("a.db-wal").exists()
        path.parent.chmod(0o555)
        read_as_somebody_else(path)
        path.parent.chmod(0o755)
