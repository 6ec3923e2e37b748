"""The ledger: every event, on the card before it is printed, and never twice.

SQLite with every commit synced. A commit appends a few small pages to a log that is then written over in place: a day
of 500 placements, 1,500 events, hands 3.7 MB to the kernel, and dirties 10 MB counted in the card's 4 KiB blocks
(/proc/self/io, wchar and write_bytes; one synced event can be no less than one block). The figures hold for placement
ids that sort by time; random ones touch the whole index and cost half as much again.

The newest million events are kept. A bound in days would trust the clock, which a Pi does not know when it starts.
"""

import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from edge.errors import DatabaseDamaged, StoreError
from edge.events.ledger_reader import LedgerReader
from edge.events.ledger_table import LEDGER, Gap, insert, next_number, rescue
from edge.storage.database import Database, unwritable
from edge.types import Event

log = logging.getLogger(__name__)

BACKLOG = 1000
"""Events kept in memory while the card takes none."""

KEEP = 1_000_000
"""Events kept in the ledger: 650 days of 500 placements, about 300 MB."""

PRUNE = 1000
"""Events over KEEP at which the oldest are deleted, and how many of them in one go."""

T = TypeVar("T")


class Ledger(LedgerReader):
    """The recorded events; to be used from the thread that opened it.

    lost: events dropped since the last success.
    """

    def __init__(self, path: Path, *, only_writer: bool = False) -> None:
        """Given the path of the SQLite file, open it; make it if it is missing or damaged.

        only_writer: as for Database: the service is, by its lock on the state folder.
        On a full or read-only disk that is tried again with each `record`. Raise StoreError for any other reason.
        """
        self.path = path
        self.lost = 0
        self._backlog: deque[Event] = deque()
        self.database = Database(path, LEDGER, rescue, only_writer=only_writer)
        self._count: int | None = None
        self._left_open: list[Event] | None = None
        try:
            self.database.open()
        except StoreError as error:
            if not unwritable(path):
                raise
            log.warning("%s; events are kept in memory until it can be written", error)
            self._left_open = []
            with suppress(StoreError), closing(LedgerReader(path)) as reader:
                self._left_open = reader.open_placements()
        if self.set_aside:
            log.warning("%s: was damaged; kept as %s, a new one was started", path, self.set_aside.name)

    @property
    def set_aside(self) -> Path | None:
        """Where the last damaged file was kept, or None."""
        return self.database.set_aside

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    @property
    def missing(self) -> int:
        """Events that are not on the card yet, or never will be; 0 unless it is full or broken."""
        return len(self._backlog) + self.lost

    def record(self, *events: Event) -> None:
        """Given the events of one frame, record those not recorded before in one durable commit.

        Raise StoreError if they cannot be written; they are then kept in memory and written, before the next ones and
        with a Gap that says so, by the next call that succeeds.
        """
        backlog = tuple(self._backlog)
        gap = Gap(backlog[0].at, (events or backlog)[-1].at, len(backlog), self.lost) if backlog else None
        try:
            self._count = self._retried(self.database.write, lambda db: self._insert(db, (*backlog, *events), gap))
            self._left_open = None
        except StoreError:
            self._keep(events)
            raise
        if backlog:
            log.warning("%s is written again: %d events late, %d lost", self.path, len(backlog), self.lost)
            self._backlog.clear()
            self.lost = 0

    def open_placements(self) -> list[Event]:
        """The last event of each placement that has not been removed, oldest first: what stands there."""
        return super().open_placements() if self._left_open is None else self._left_open

    def _insert(self, db: sqlite3.Connection, events: tuple[Event, ...], gap: Gap | None) -> int:
        """Write what `record` was given; return how many events the ledger then holds."""
        seq = next_number(db)
        count = self._count if self._count is not None else db.execute("SELECT COUNT(*) FROM events").fetchone()[0]
        for event in events:
            added = insert(db, event, seq)
            seq, count = seq + added, count + added
        if gap:
            db.execute("INSERT INTO gaps (since, until, late, lost) VALUES (?, ?, ?, ?)", gap)
        if count >= KEEP + PRUNE:
            oldest = "DELETE FROM events WHERE seq IN (SELECT seq FROM events ORDER BY seq LIMIT ?)"
            count -= db.execute(oldest, (PRUNE,)).rowcount
        return int(count)

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._retried(self.database.read, work)

    def _retried(
        self, do: Callable[[Callable[[sqlite3.Connection], T]], T], work: Callable[[sqlite3.Connection], T]
    ) -> T:
        """Do it, and once more if the file was found damaged: what could be saved is in the new one."""
        try:
            return do(work)
        except DatabaseDamaged as error:
            log.warning("%s", error)
            self._count = None
            return do(work)

    def _keep(self, events: tuple[Event, ...]) -> None:
        kept = events[: BACKLOG - len(self._backlog)]
        self._backlog.extend(kept)
        self.lost += len(events) - len(kept)
