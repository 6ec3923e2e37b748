"""Events as they are printed, and where the log of the service goes."""

import csv
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from edge.events.format import as_json, as_line
from edge.events.journald import SOCKET, Journald, connected
from edge.text import local_time
from edge.types import Event

COLUMNS = ("at", "event", "placement", "product", "score", "confidence", "threshold", "photo", "t", "frame", "box")


def event_printer(form: str | None, *, media: bool = False, date: bool = False) -> Callable[[Event], None]:
    """Return what prints an event on stdout at once: as json, as csv, or for people, in colour on a terminal.

    media: the times are those in a video or folder, which have no time zone. date: times with their date.
    """
    if form == "json":
        return lambda event: print(as_json(event), flush=True)
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        return lambda event: writer.writerow(as_row(event))
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def print_event(event: Event) -> None:
        time = event.at[11:19] if media else local_time(event.at)[0 if date else 11 :]
        print(as_line(event, time, colour), flush=True)

    return print_event


def as_row(event: Event) -> list[Any]:
    """Given an event, return its values of COLUMNS; None where there is none, the box as x y width height."""
    plain: dict[str, Any] = json.loads(as_json(event))
    return [" ".join(map(str, plain[name])) if name == "box" else plain[name] for name in COLUMNS]


@contextmanager
def logged(to_journal: bool | None = None, socket: str = SOCKET) -> Iterator[Journald | None]:
    """While this lasts, log what the service does; yield the systemd journal, where the log goes there, else None.

    to_journal: whether it does; by default, whether systemd connected stderr with it. socket: the journal's.
    """
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    journal = Journald(socket) if (connected() if to_journal is None else to_journal) else None
    root.setLevel(logging.INFO)
    if journal:
        root.handlers[:] = [journal]
    try:
        yield journal
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
        if journal:
            journal.close()
