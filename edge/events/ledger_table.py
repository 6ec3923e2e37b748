"""How events lie in the ledger: the steps of its schema, and an event as a row. Described in docs/integration.md."""

import json
import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple, get_args

from edge.events.format import DIGITS
from edge.storage.salvage import rows
from edge.storage.schema import Damaged, Schema
from edge.types import Box, Candidate, Event, EventKind, Match

log = logging.getLogger(__name__)

LEDGER = Schema(
    steps=(
        """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, placement TEXT NOT NULL, event TEXT NOT NULL, at TEXT NOT NULL, t REAL NOT NULL,
    frame INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    product TEXT, threshold REAL, candidates TEXT, UNIQUE (placement, event)
);
CREATE TABLE gaps (since TEXT NOT NULL, until TEXT NOT NULL, late INTEGER NOT NULL, lost INTEGER NOT NULL)
""",
        """
ALTER TABLE events ADD COLUMN confidence REAL;
CREATE TABLE numbering (above INTEGER NOT NULL)
""",
    ),
    page_size=512,
)

STORED = (
    *("placement", "event", "at", "t", "frame", "x", "y", "width", "height"),
    *("product", "threshold", "candidates", "confidence"),
)
"""The columns of an event, in the order of the table. One that is added comes at the end, with a step."""

FEWEST = 13
"""Columns of an event in a ledger of the first version, its number included."""

SECONDS_TO_SAVE = 30.0
"""At most for the events of a damaged ledger, so that systemd does not give the start up (TimeoutStartSec)."""

_KINDS = get_args(EventKind)
_INSERT = f"""INSERT OR IGNORE INTO events (seq, {", ".join(STORED)}) VALUES (?{", ?" * len(STORED)})"""


class Gap(NamedTuple):
    """A time in which the ledger could not be written.

    since, until: the first event that failed and the one that succeeded, UTC. late: events recorded afterwards;
    lost: those for which there was no room even in memory.
    """

    since: str
    until: str
    late: int
    lost: int


def insert(db: sqlite3.Connection, event: Event, seq: int) -> int:
    """Given an event and its number, record it unless it was recorded before; return how many rows were added."""
    match = event.match
    product, threshold, candidates, confidence = None, None, None, None
    if match:
        product, threshold = match.product, round(match.threshold, DIGITS)
        plain = [(c.product, round(c.score, DIGITS), c.photo) for c in match.candidates]
        candidates = json.dumps(plain, separators=(",", ":"))
        confidence = None if match.confidence is None else round(match.confidence, DIGITS)
    row = (event.placement, event.event, event.at, round(event.t, 3), event.frame, *event.box)
    return db.execute(_INSERT, (seq, *row, product, threshold, candidates, confidence)).rowcount


def columns(db: sqlite3.Connection) -> str:
    """The columns STORED, to be selected; null for those that a ledger of an older version has not got."""
    present = {name for (name,) in db.execute("SELECT name FROM pragma_table_info('events')")}
    return ", ".join(name if name in present else f"NULL AS {name}" for name in STORED)


def next_number(db: sqlite3.Connection) -> int:
    """The number of the next event: above all former ones, those that were lost with a damaged file included."""
    (above,) = db.execute(
        "SELECT MAX(COALESCE((SELECT MAX(seq) FROM events), 0), COALESCE((SELECT MAX(above) FROM numbering), 0))"
    ).fetchone()
    return int(above) + 1


def event(row: Sequence[Any]) -> Event:
    """Given the columns STORED of a row, return its event. Raise Damaged if it is none."""
    placement, kind, at, t, frame, x, y, width, height, product, threshold, candidates, confidence = row
    box = Box(x, y, width, height)
    try:
        datetime.fromisoformat(at)
        if kind not in _KINDS or not isinstance(placement, str) or not isfinite(t):
            raise ValueError("no event")
        if not all(isinstance(number, int) for number in (frame, *box)):
            raise TypeError("no numbers of pixels")
        return Event(kind, placement, at, t, frame, box, _match(product, threshold, candidates, confidence))
    except (TypeError, ValueError) as error:
        raise Damaged(f"{kind} of placement {placement}: {error}") from error


def _match(product: Any, threshold: Any, candidates: Any, confidence: Any) -> Match | None:
    if threshold is None:
        return None
    found = tuple(Candidate(str(name), float(score), str(photo)) for name, score, photo in json.loads(candidates))
    if not all(isfinite(number) for number in (threshold, *(candidate.score for candidate in found))):
        raise ValueError("no cosines")
    if confidence is not None and not 0 <= confidence <= 1:
        raise ValueError("no probability")
    return Match(None if product is None else str(product), threshold, found, confidence)


def rescue(damaged: Path, new: sqlite3.Connection) -> None:
    """Given a damaged ledger and a new one, save every event that can be read, under its own number.

    The last events may be lost, and somebody may have read them: the numbers of later events begin at the milliseconds
    since 1970, which no ledger reaches by counting.
    """
    saved = new.total_changes
    new.executemany(_INSERT, _events(damaged))
    saved = new.total_changes - saved
    for _, values in rows(damaged, LEDGER.page_size, range(4, 5)):
        if [type(value) for value in values] == [str, str, int, int]:
            new.execute("INSERT INTO gaps (since, until, late, lost) VALUES (?, ?, ?, ?)", values)
    (highest,) = new.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()
    new.execute("INSERT INTO numbering (above) VALUES (?)", (max(highest, time.time_ns() // 1_000_000),))
    log.warning("%s: %d events were saved from it", damaged, saved)


def _events(damaged: Path) -> Iterator[Sequence[Any]]:
    """The number and the columns STORED of each event that can be read, the newest first."""
    width, end = 1 + len(STORED), time.monotonic() + SECONDS_TO_SAVE
    for seq, values in rows(damaged, LEDGER.page_size, range(FEWEST, width + 2)):
        row = [*values, *[None] * (width - len(values))][1:width]
        with suppress(Damaged):
            event(row)
            yield seq, *row
        if time.monotonic() > end:
            log.warning("%s: saving took %g s; its oldest events are only there", damaged, SECONDS_TO_SAVE)
            return
