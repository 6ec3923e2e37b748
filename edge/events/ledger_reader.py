"""The recorded events, for whoever only reads them: commands, and other programs beside the service."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from edge.errors import StoreError
from edge.events.ledger_table import LEDGER, Gap, columns, event
from edge.storage.reader import ReadOnly
from edge.storage.schema import Damaged
from edge.types import Event

log = logging.getLogger(__name__)

BATCH = 1000
"""Events read at a time, to need little memory and keep nobody waiting."""

T = TypeVar("T")


class LedgerReader:
    """The ledger, open for reading; nothing is created or changed. Open another one to see later events."""

    def __init__(self, path: Path) -> None:
        """Given the path of the SQLite file, open it. Raise StoreError if it is missing or cannot be read."""
        self.path = path
        self._file = ReadOnly(path, LEDGER)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def events(
        self,
        after: int = 0,
        *,
        since: str = "",
        until: str | None = None,
        product: str | None = None,
        limit: int | None = None,
    ) -> Iterator[tuple[int, Event]]:
        """Yield events with their numbers, in the order in which they were recorded.

        after: only those of a higher number; the last number that was read is where to go on. since, until: only those
        from this time on and before that time, UTC in ISO 8601 as in events. product: only those with this answer.
        limit: at most so many. One that is damaged is left out, with a warning. Raise StoreError.
        """
        left, most, damaged = limit, BATCH, 0
        while left is None or left > 0:
            size = most if left is None else min(most, left)
            wanted = partial(_select, limit=size, after=after, since=since, until=until, product=product)
            try:
                batch = self._read(wanted)
            except StoreError:
                if size > 1:
                    most = 1  # to find the damaged one
                    continue
                after, most, damaged = self._read(partial(_following, after)), BATCH, damaged + 1
                continue
            yield from batch
            if len(batch) < size:
                break
            after = batch[-1][0]
            left = None if left is None else left - size
        if damaged:
            log.warning(
                "%s: %s damaged and left out", self.path, "1 event is" if damaged == 1 else f"{damaged} events are"
            )

    def counts(self) -> dict[str, int]:
        """How many placements were placed, identified, unknown and removed; a kind that never happened is missing.

        One that was unknown first and identified later counts as identified.
        """
        return self._read(_counts)

    def last(self) -> Event | None:
        """The event recorded last, if there is one."""
        events = self._read(lambda db: _events(db, "ORDER BY seq DESC LIMIT 1"))
        return events[0] if events else None

    def answer(self, placement: str) -> Event | None:
        """The last answer that was given to a placement, if there is one."""
        which = "WHERE placement = ? AND event IN ('identified', 'unknown') ORDER BY seq DESC LIMIT 1"
        events = self._read(lambda db: _events(db, which, placement))
        return events[0] if events else None

    def open_placements(self) -> list[Event]:
        """The last event of each placement that has not been removed, oldest first: what stands there."""
        which = """WHERE seq IN
            (SELECT MAX(seq) FROM events GROUP BY placement HAVING SUM(event = 'removed') = 0) ORDER BY seq"""
        return self._read(lambda db: _events(db, which))

    def gaps(self) -> list[Gap]:
        """The times in which events could not be recorded when they happened."""
        return self._read(
            lambda db: [Gap(*row) for row in db.execute("SELECT since, until, late, lost FROM gaps ORDER BY rowid")]
        )

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._file.read(work)


def _select(db: sqlite3.Connection, limit: int, **bounds: object) -> list[tuple[int, Event]]:
    rows = db.execute(
        f"""SELECT seq, {columns(db)} FROM events WHERE seq > :after AND at >= :since
        AND (:until IS NULL OR at < :until) AND (:product IS NULL OR product = :product) ORDER BY seq LIMIT :limit""",
        bounds | {"limit": limit},
    )
    return [(row[0], event(row[1:])) for row in rows]


def _following(after: int, db: sqlite3.Connection) -> int:
    """The number of the next event. Raise Damaged if there is none."""
    (number,) = db.execute("SELECT MIN(seq) FROM events WHERE seq > ?", (after,)).fetchone()
    if number is None:
        raise Damaged("no event can be read")
    return int(number)


def _events(db: sqlite3.Connection, which: str, *values: str) -> list[Event]:
    return [event(row) for row in db.execute(f"SELECT {columns(db)} FROM events {which}", values)]


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    counts = dict(db.execute("SELECT event, COUNT(*) FROM events GROUP BY event ORDER BY MIN(seq)").fetchall())
    (both,) = db.execute(
        """SELECT COUNT(*) FROM events AS first JOIN events AS second USING (placement)
        WHERE first.event = 'unknown' AND second.event = 'identified'"""
    ).fetchone()
    if both:
        counts["unknown"] -= both
    return {kind: count for kind, count in counts.items() if count}
