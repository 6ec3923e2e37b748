"""The ledger: every event, on the card before it is printed, and never twice.

SQLite with every commit synced. A commit appends a few small pages to a log that is then written over in place: a day
of 500 placements, 1,500 events, hands 3.7 MB to the kernel, and dirties 10 MB counted in the card's 4 KiB blocks
(/proc/self/io, wchar and write_bytes; one synced event can be no less than one block). The figures hold for placement
ids that sort by time; random ones touch the whole index and cost half as much again.
"""

import json
import logging
import sqlite3
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from edge.errors import StoreError
from edge.events.format import DIGITS
from edge.storage.database import frozen, open_database, transaction, unwritable
from edge.types import Box, Candidate, Event, Match

log = logging.getLogger(__name__)

VERSION = 1
SCHEMA = """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, placement TEXT NOT NULL, event TEXT NOT NULL, at TEXT NOT NULL, t REAL NOT NULL,
    frame INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    product TEXT, threshold REAL, candidates TEXT, UNIQUE (placement, event)
);
CREATE TABLE gaps (since TEXT NOT NULL, until TEXT NOT NULL, late INTEGER NOT NULL, lost INTEGER NOT NULL)
"""
PAGE_SIZE = 512
BACKLOG = 1000
"""Events kept in memory while the card takes none."""


class Gap(NamedTuple):
    """A time in which the ledger could not be written.

    since, until: the first event that failed and the one that succeeded, UTC. late: events recorded afterwards;
    lost: those for which there was no room even in memory.
    """

    since: str
    until: str
    late: int
    lost: int


class Ledger:
    """The recorded events; to be used from the thread that opened it.

    set_aside: where a damaged file found at opening was kept, or None. lost: events dropped since the last success.
    """

    def __init__(self, path: Path) -> None:
        """Given the path of the SQLite file, open it, made anew if missing or damaged.

        On a full or read-only disk that is tried again with each `record`. Raise StoreError for any other reason.
        """
        self.path = path
        self.lost = 0
        self.set_aside: Path | None = None
        self._backlog: deque[Event] = deque()
        self._db: sqlite3.Connection | None = None
        self._standing: list[Event] = []
        try:
            self._open()
        except StoreError as error:
            if not (state := unwritable(path)):
                raise
            log.warning("%s; the disk is %s, events are kept in memory until it is not", error, state)
            with suppress(StoreError), frozen(path) as connection:
                self._standing = _standing(connection)

    def close(self) -> None:
        """Close the file."""
        if self._db:
            self._db.close()

    @property
    def missing(self) -> int:
        """Events that are not on the card yet, or never will be; 0 unless it is full or broken."""
        return len(self._backlog) + self.lost

    def record(self, *events: Event) -> tuple[Event, ...]:
        """Given the events of one frame, record them in one durable commit and return those not recorded before.

        Raise StoreError if they cannot be written; they are then kept in memory and written, before the next ones and
        with a Gap that says so, by the next call that succeeds.
        """
        backlog = tuple(self._backlog)
        try:
            db = self._db or self._open()
            with transaction(db, self.path):
                for event in backlog:
                    _insert(db, event)
                fresh = tuple(event for event in events if _insert(db, event))
                if backlog:
                    gap = Gap(backlog[0].at, (events or backlog)[-1].at, len(backlog), self.lost)
                    db.execute("INSERT INTO gaps VALUES (?, ?, ?, ?)", gap)
        except StoreError:
            self._keep(events)
            raise
        if backlog:
            log.warning("ledger %s is written again: %d events late, %d lost", self.path, len(backlog), self.lost)
            self._backlog.clear()
            self.lost = 0
        return fresh

    def events(self, after: int = 0) -> list[tuple[int, Event]]:
        """Every event recorded after the one of this number, with its own number, in order."""
        return [(row[0], _event(row)) for row in self._ask("SELECT * FROM events WHERE seq > ? ORDER BY seq", after)]

    def counts(self) -> dict[str, int]:
        """How many events of each kind are recorded; a kind that never happened is missing."""
        rows = self._ask("SELECT event, COUNT(*) FROM events GROUP BY event ORDER BY MIN(seq)")
        return dict(rows)

    def last(self) -> Event | None:
        """The event recorded last, if there is one."""
        row = self._ask("SELECT * FROM events ORDER BY seq DESC LIMIT 1")
        return _event(row[0]) if row else None

    def answer(self, placement: str) -> Event | None:
        """The last answer that was given to a placement, if there is one."""
        query = (
            "SELECT * FROM events WHERE placement = ? AND event IN ('identified', 'unknown') ORDER BY seq DESC LIMIT 1"
        )
        row = self._ask(query, placement)
        return _event(row[0]) if row else None

    def open_placements(self) -> list[Event]:
        """The last event of each placement that has not been removed, oldest first: what stood there at the end."""
        return _standing(self._db) if self._db else self._standing

    def gaps(self) -> list[Gap]:
        """The times in which events could not be recorded when they happened."""
        return [Gap(*row) for row in self._ask("SELECT * FROM gaps ORDER BY rowid")]

    def _open(self) -> sqlite3.Connection:
        self._db, self.set_aside = open_database(self.path, SCHEMA, VERSION, PAGE_SIZE)
        if self.set_aside:
            log.warning("ledger %s could not be used; kept as %s and begun anew", self.path, self.set_aside.name)
        return self._db

    def _ask(self, query: str, *values: int | str) -> list[tuple[Any, ...]]:
        try:
            return (self._db or self._open()).execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {error}; the events are not readable") from error

    def _keep(self, events: tuple[Event, ...]) -> None:
        kept = events[: BACKLOG - len(self._backlog)]
        self._backlog.extend(kept)
        self.lost += len(events) - len(kept)


def _insert(db: sqlite3.Connection, event: Event) -> bool:
    """Record an event; False if it was recorded before."""
    match = event.match
    answer: tuple[object, ...] = (None, None, None)
    if match:
        candidates = [(c.product, round(c.score, DIGITS), c.photo) for c in match.candidates]
        answer = (match.product, round(match.threshold, DIGITS), json.dumps(candidates, separators=(",", ":")))
    row = (None, event.placement, event.event, event.at, round(event.t, 3), event.frame, *event.box, *answer)
    return db.execute(f"INSERT OR IGNORE INTO events VALUES ({', '.join('?' * len(row))})", row).rowcount == 1


def _standing(db: sqlite3.Connection) -> list[Event]:
    rows = db.execute(
        """SELECT * FROM events WHERE seq IN
        (SELECT MAX(seq) FROM events GROUP BY placement HAVING SUM(event = 'removed') = 0) ORDER BY seq"""
    )
    return [_event(row) for row in rows]


def _event(row: tuple[Any, ...]) -> Event:
    _, placement, kind, at, t, frame, x, y, width, height, product, threshold, candidates = row
    match = None
    if threshold is not None:
        match = Match(product, threshold, tuple(Candidate(*plain) for plain in json.loads(candidates)))
    return Event(kind, placement, at, t, frame, Box(x, y, width, height), match)
