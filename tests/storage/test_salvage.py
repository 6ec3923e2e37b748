"""Rows of a damaged file, whatever of it is damaged."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge.storage.salvage import rows

PAGE = 512
ROWS = [(None, n, -(2**n), n / 3, "text" * (n % 7), b"blob" * (n * 60 % 499)) for n in range(60)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Integers of every size, long values in overflow pages, some rows in the file and some in its log."""
    path = tmp_path / "a.db"
    live = tmp_path / "live.db"
    with closing(sqlite3.connect(live, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size={PAGE}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c, d, e)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", ROWS[:40])
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", ROWS[40:])
        path.write_bytes(live.read_bytes())
        path.with_name("a.db-wal").write_bytes(live.with_name("live.db-wal").read_bytes())
    return path


def found(path: Path) -> dict[int, tuple[object, ...]]:
    return {row: tuple(values) for row, values in rows(path, PAGE, range(6, 7))}


def test_every_row_of_a_sound_file_and_its_log(path: Path) -> None:
    assert found(path) == dict(enumerate(ROWS, 1))


def test_without_header_schema_and_tree_too(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[:PAGE] = bytes(PAGE)
    for start in range(0, len(data), PAGE):
        if data[start] == 0x05:  # an inner page of a table
            data[start : start + PAGE] = b"\xff" * PAGE
    path.write_bytes(data)
    assert found(path) == dict(enumerate(ROWS, 1))


def test_a_damaged_leaf_costs_only_its_rows(path: Path) -> None:
    data = bytearray(path.read_bytes())
    leaf = max(start for start in range(PAGE, len(data), PAGE) if data[start] == 0x0D)
    data[leaf : leaf + PAGE] = b"\xff" * PAGE
    path.write_bytes(data)
    saved = found(path)
    assert 50 < len(saved) < 60
    assert all(values == ROWS[row - 1] for row, values in saved.items())


def test_a_torn_log_counts_to_its_last_whole_commit(path: Path) -> None:
    log = path.with_name("a.db-wal")
    log.write_bytes(log.read_bytes()[:-700])
    saved = found(path)
    assert 40 <= len(saved) < 60 and max(saved) == len(saved)
    log.write_bytes(b"")
    assert len(found(path)) == 40


def test_no_change_of_one_byte_ends_it(path: Path) -> None:
    data = path.read_bytes()
    path.with_name("a.db-wal").unlink()
    fewest = 40
    for position in range(0, len(data), 101):
        path.write_bytes(data[:position] + bytes([data[position] ^ 0xFF]) + data[position + 1 :])
        fewest = min(fewest, len(found(path)))
    assert fewest >= 34  # one small leaf


@pytest.mark.parametrize("content", [b"", b"x" * 5000, bytes(5000), b"\x0d" * 5000])
def test_what_is_no_database_has_no_rows(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.db").write_bytes(content)
    assert found(tmp_path / "a.db") == {}
