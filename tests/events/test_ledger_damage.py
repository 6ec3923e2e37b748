"""A ledger that is damaged, or of another version: events that can be read are kept, and it goes on."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge.errors import NewerDatabase
from edge.events import ledger_table
from edge.events.format import as_json
from edge.events.ledger import Ledger
from edge.events.ledger_reader import LedgerReader
from edge.events.ledger_table import LEDGER
from edge.storage.schema import Schema, migrate
from edge.types import Box, Candidate, Event, EventKind, Match

MATCH = Match("cola", 0.6, (Candidate("cola", 0.7, "cola/Flasche né.jpg"), Candidate("tea", 0.4, "tea1.jpg")))
PAGE = LEDGER.page_size


def event(kind: EventKind, placement: str) -> Event:
    match = None if kind == "placed" else MATCH
    return Event(kind, placement, "2025-11-21T22:13:00.000Z", 1.5, 45, Box(1, 2, 3, 4), match)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of fifty events, at rest."""
    path = tmp_path / "ledger.db"
    with closing(Ledger(path)) as ledger:
        for number in range(25):
            ledger.record(event("placed", f"p{number:02}"), event("identified", f"p{number:02}"))
    return path


def lines(ledger: LedgerReader) -> dict[int, str]:
    return {number: as_json(each) for number, each in ledger.events()}


def damage(path: Path, start: int, length: int) -> None:
    data = bytearray(path.read_bytes())
    data[start : start + length] = b"\x55" * length
    path.write_bytes(data)


def leaf(path: Path) -> int:
    """Where the last page of events lies."""
    data = path.read_bytes()
    return max(start for start in range(PAGE, len(data), PAGE) if data[start] == 0x0D)


@pytest.mark.parametrize("start", [0, 18, 60, 100, PAGE])
def test_what_can_be_read_is_in_the_new_ledger(path: Path, start: int) -> None:
    with closing(LedgerReader(path)) as reader:
        before = lines(reader)
    damage(path, start, 20)
    with closing(Ledger(path)) as ledger:
        assert ledger.set_aside == path.with_name("ledger.db.damaged-1")
        assert lines(ledger) == before
        ledger.record(event("removed", "p24"))
        assert ledger.counts() == {"placed": 25, "identified": 25, "removed": 1}
        (cursor,) = [number for number, _ in ledger.events(after=50)]
        assert cursor > 1_700_000_000_000  # no cursor of before is ahead of it, whatever was lost
    with closing(Ledger(path)) as ledger:
        ledger.record(event("placed", "new"))
        assert ledger.set_aside is None and max(lines(ledger)) == cursor + 1


def test_a_damaged_page_costs_only_its_events(path: Path) -> None:
    damage(path, leaf(path), PAGE)
    with closing(Ledger(path)) as ledger:
        assert 45 <= len(lines(ledger)) < 50


def test_saving_has_an_end(path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(ledger_table, "SECONDS_TO_SAVE", -1.0)
    damage(path, 0, 20)
    with closing(Ledger(path)) as ledger:
        (number,) = lines(ledger)
    assert number > 40 and "its oldest events are only there" in caplog.text


def test_damage_while_the_ledger_is_open_is_found_by_the_query_that_meets_it(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Ledger(path)) as ledger:
        before = lines(ledger)
        position = path.read_bytes().index(b"2025-11-21T22:13")
        damage(path, position, 4)
        ledger.database.close()  # what SQLite has in memory is sound
        ledger.record(event("removed", "p00"))
        assert [each.event for _, each in ledger.events() if each.placement == "p00"][-1] == "removed"
        assert "Invalid isoformat" in caplog.text and "events were saved from it" in caplog.text
        assert sum(before.get(number) == line for number, line in lines(ledger).items()) >= 49


@pytest.mark.parametrize("garbage", [b"\x55", b"\xff"])  # no date; not even text
def test_a_reader_leaves_out_the_damaged_events_and_changes_nothing(
    path: Path, caplog: pytest.LogCaptureFixture, garbage: bytes
) -> None:
    data = path.read_bytes()
    first = data.index(b"2025-11-21T22:13")
    second = data.index(b"2025-11-21T22:13", first + 1)
    for position in (first, second):
        data = data[:position] + garbage + data[position + 1 :]
    path.write_bytes(data)
    with closing(LedgerReader(path)) as reader:
        found = lines(reader)
        (missing, other) = sorted(set(range(1, 51)) - set(found))
        assert len(list(reader.events(after=other))) == 50 - other
        assert [number for number, _ in reader.events(after=missing - 1, limit=1)] == [
            min(set(found) - set(range(missing)))
        ]
    assert "ledger.db: 2 events are damaged and left out" in caplog.text
    assert path.read_bytes() == data


def test_events_that_are_only_in_the_log_are_saved_too(tmp_path: Path) -> None:
    live = Ledger(tmp_path / "live.db")
    live.record(event("placed", "a"), event("identified", "a"))
    path = tmp_path / "ledger.db"
    path.write_bytes(b"")
    path.with_name("ledger.db-wal").write_bytes((tmp_path / "live.db-wal").read_bytes())
    live.close()
    damage(path, 0, 4096)
    with closing(Ledger(path)) as ledger:
        assert [each.event for _, each in ledger.events()] == ["placed", "identified"]


def test_a_ledger_of_the_first_version_is_brought_up_to_date_by_its_writer_only(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute(f"PRAGMA page_size={PAGE}")
        migrate(old, path, Schema(LEDGER.steps[:1], PAGE), 0)
        answer = ("cola", 0.6, '[["cola",0.7,"1.jpg"]]')
        row = (7, "a", "identified", "2025-11-21T22:13:00.000Z", 1.5, 45, 1, 2, 3, 4, *answer)
        old.execute(f"INSERT INTO events VALUES ({', '.join('?' * len(row))})", row)
    before = path.read_bytes()
    with closing(LedgerReader(path)) as reader:
        assert list(lines(reader)) == [7]
    assert path.read_bytes() == before
    with closing(Ledger(path)) as ledger:
        ledger.record(event("removed", "a"))
        assert ledger.set_aside is None and list(lines(ledger)) == [7, 8]
    damage(path, 0, 20)
    with closing(Ledger(path)) as ledger:
        assert ledger.set_aside and list(lines(ledger)) == [7, 8]


def test_a_ledger_of_a_newer_version_is_refused_by_name(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=3")
    before = path.read_bytes()
    for opened in (Ledger, LedgerReader):
        with pytest.raises(NewerDatabase, match=r"ledger\.db: of version 3, this program knows versions up to 2"):
            opened(path)
    assert path.read_bytes() == before and [each.name for each in path.parent.iterdir()] == ["ledger.db"]
