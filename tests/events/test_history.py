"""What is asked of the recorded events, by the service and by those who only read."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from edge.errors import StoreError
from edge.events import ledger as module
from edge.events import ledger_reader
from edge.events.ledger import Ledger
from edge.events.ledger_reader import LedgerReader
from edge.types import Box, Candidate, Event, EventKind, Match

COLA = Match("cola", 0.6, (Candidate("cola", 0.7, "cola/1.jpg"), Candidate("tea", 0.4, "tea1.jpg")))
UNKNOWN = Match(None, 0.6, (Candidate("tea", 0.5, "tea1.jpg"),))


def event(kind: EventKind, placement: str, minute: int = 0, match: Match | None = None) -> Event:
    return Event(kind, placement, f"2025-11-21T22:{minute:02}:00.000Z", 1.5, 45, Box(1, 2, 3, 4), match)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.db")) as ledger:
        yield ledger


@pytest.fixture(params=["service", "reader"])
def history(request: pytest.FixtureRequest, ledger: Ledger) -> LedgerReader:
    """The ledger as its writer and as others see it, after ten minutes of visits."""
    for minute in range(10):
        match = COLA if minute % 3 else UNKNOWN
        ledger.record(
            event("placed", f"p{minute}", minute),
            event("identified" if match.product else "unknown", f"p{minute}", minute, match),
        )
    if request.param == "service":
        return ledger
    reader = LedgerReader(ledger.path)
    request.addfinalizer(reader.close)
    return reader


def numbers(events: Iterator[tuple[int, Event]]) -> list[int]:
    return [number for number, _ in events]


def test_events_come_in_order_from_a_cursor_on(history: LedgerReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_reader, "BATCH", 3)
    assert numbers(history.events()) == list(range(1, 21))
    assert numbers(history.events(after=17)) == [18, 19, 20]
    assert numbers(history.events(after=20)) == []
    assert numbers(history.events(limit=7)) == list(range(1, 8))
    assert numbers(history.events(after=4, limit=3)) == [5, 6, 7]


def test_events_of_a_time_or_of_a_product(history: LedgerReader) -> None:
    assert numbers(history.events(since="2025-11-21T22:08", until="2025-11-21T22:09")) == [17, 18]
    assert numbers(history.events(until="2025-11-21T22:01:00.000Z")) == [1, 2]
    assert numbers(history.events(product="cola", limit=3)) == [4, 6, 10]
    assert numbers(history.events(product="nothing")) == []


def test_one_that_is_identified_after_unknown_counts_once(ledger: Ledger) -> None:
    ledger.record(event("placed", "a"), event("unknown", "a", 1, UNKNOWN), event("placed", "b"))
    ledger.record(event("unknown", "b", 1, UNKNOWN))
    assert ledger.counts() == {"placed": 2, "unknown": 2}
    better = event("identified", "a", 2, COLA)
    ledger.record(better)
    assert ledger.counts() == {"placed": 2, "unknown": 1, "identified": 1}
    assert ledger.open_placements() == [event("unknown", "b", 1, UNKNOWN), better]
    assert ledger.answer("a") == better and ledger.last() == better
    ledger.record(better, replace(better, event="removed"))
    assert [one.event for _, one in ledger.events() if one.placement == "a"] == [
        "placed",
        "unknown",
        "identified",
        "removed",
    ]
    assert ledger.counts() == {"placed": 2, "unknown": 1, "identified": 1, "removed": 1}


def test_only_the_newest_events_are_kept(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP", 20)
    monkeypatch.setattr(module, "PRUNE", 5)
    most = 0
    for number in range(100):
        ledger.record(event("placed", f"p{number:03}"))
        most = max(most, len(numbers(ledger.events())))
        if number == 50:
            ledger.close()
    assert most == 24 and numbers(ledger.events())[-1] == 100 and len(numbers(ledger.events())) >= 20


def test_a_ledger_that_cannot_be_read_is_one_line(ledger: Ledger) -> None:
    ledger.close()
    ledger.path.unlink()
    ledger.path.mkdir()
    for question in (ledger.open_placements, ledger.counts, ledger.last, ledger.gaps):
        with pytest.raises(StoreError, match=r"^[^\n]*ledger\.db: [^\n]*$"):
            question()


def test_a_reader_needs_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"ledger\.db: not found"):
        LedgerReader(tmp_path / "ledger.db")
