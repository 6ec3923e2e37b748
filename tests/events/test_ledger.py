import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.errors import StoreError
from edge.events import ledger as module
from edge.events.format import as_json
from edge.events.ledger import Gap, Ledger
from edge.types import Box, Candidate, Event, EventKind, Match

CANDIDATES = (Candidate("cola", 0.71234, "cola/1.jpg"), Candidate("tea", 0.41226, "tea1.jpg"))  # margin .3001, not .3


def event(kind: EventKind, placement: str, at: str = "2025-11-21T22:13:00.000Z") -> Event:
    match = None if kind == "placed" else Match("cola", 0.61234, CANDIDATES, 0.98765)
    return Event(kind, placement, at, 1.5, 45, Box(1, 2, 3, 4), match)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "state" / "ledger.db")
    yield ledger
    ledger.close()


def connection(ledger: Ledger) -> sqlite3.Connection:
    """The ledger's own connection."""
    found: list[sqlite3.Connection] = []
    ledger.database.read(found.append)
    return found[0]


def fill(ledger: Ledger) -> None:
    """Leave no room for another page, as on a full disk."""
    (pages,) = connection(ledger).execute("PRAGMA page_count").fetchone()
    connection(ledger).execute(f"PRAGMA max_page_count={pages}")


def free(ledger: Ledger) -> None:
    connection(ledger).execute("PRAGMA max_page_count=1000000")


def test_an_event_comes_back_as_it_was_printed(ledger: Ledger) -> None:
    events = [event("placed", "a"), event("identified", "a"), event("removed", "a")]
    ledger.record(*events)
    assert [as_json(kept) for _, kept in ledger.events()] == [as_json(one) for one in events]
    assert [number for number, _ in ledger.events(after=1)] == [2, 3]


def test_the_answer_to_a_placement_is_the_last_one(ledger: Ledger) -> None:
    ledger.record(event("placed", "a"), event("unknown", "a"), event("placed", "b"), event("identified", "a"))
    answer = ledger.answer("a")
    assert answer and answer.event == "identified" and ledger.answer("b") is None


def test_nothing_is_recorded_twice(ledger: Ledger) -> None:
    ledger.record(event("placed", "a"))
    ledger.record(event("placed", "a"), event("placed", "b"))
    assert [(number, kept.placement) for number, kept in ledger.events()] == [(1, "a"), (2, "b")]


def test_what_is_recorded_is_on_the_card_before_the_call_returns(ledger: Ledger) -> None:
    ledger.record(event("placed", "a"))
    other = sqlite3.connect(ledger.path)
    assert other.execute("SELECT placement FROM events").fetchall() == [("a",)]
    other.close()
    assert connection(ledger).execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection(ledger).execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_still_stands_is_found_after_a_crash(ledger: Ledger) -> None:
    for kind, placement in (("placed", "a"), ("placed", "b"), ("identified", "a"), ("removed", "b"), ("placed", "c")):
        ledger.record(event(kind, placement))  # type: ignore[arg-type]
    again = Ledger(ledger.path)
    assert [(one.placement, one.event) for one in again.open_placements()] == [("a", "identified"), ("c", "placed")]
    again.close()


def test_a_full_disk_is_survived_and_told(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    ledger.record(event("placed", "a"))
    fill(ledger)
    refused = 0
    for i in range(20):
        try:
            ledger.record(event("placed", f"full-{i}", f"2025-11-21T22:14:{i:02}.000Z"))
        except StoreError as error:
            refused += 1
            assert "full" in str(error) and "\n" not in str(error)
    assert ledger.missing == refused > 10
    free(ledger)
    after = event("removed", "a", "2025-11-21T22:15:00.000Z")
    ledger.record(after)
    assert ledger.missing == 0
    kept = [one for _, one in ledger.events()]
    assert len(kept) == 22 and kept[-1].event == "removed"
    assert ledger.gaps() == [Gap(f"2025-11-21T22:14:{20 - refused:02}.000Z", after.at, refused, 0)]
    assert f"{refused} events late" in caplog.text


def test_memory_is_bounded_while_the_disk_is_full(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKLOG", 5)
    ledger.record(event("placed", "a"))
    fill(ledger)
    for i in range(40):
        try:
            ledger.record(replace(event("placed", str(i)), event="unknown"), event("removed", str(i)))
        except StoreError:
            pass
    missing = ledger.missing
    assert missing > 20
    free(ledger)
    ledger.record(event("removed", "a"))
    assert ledger.gaps() == [Gap("2025-11-21T22:13:00.000Z", "2025-11-21T22:13:00.000Z", 5, missing - 5)]


def test_a_damaged_ledger_is_kept_and_a_new_one_begun(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"no database at all" * 100)
    ledger = Ledger(path)
    ledger.record(event("placed", "a"))
    assert ledger.set_aside == tmp_path / "ledger.db.damaged-1"
    assert ledger.set_aside.read_bytes().startswith(b"no database")
    ledger.close()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file/ledger\.db: .*expected a folder"):
        Ledger(tmp_path / "file" / "ledger.db")
