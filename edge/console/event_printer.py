"""Events as they are printed, and where the log of the service goes."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from edge.events.format import as_json, as_line
from edge.events.journald import SOCKET, Journald, connected
from edge.text import local_time
from edge.types import Event


def event_printer(json: bool, media: bool = False) -> Callable[[Event], None]:
    """Return what prints an event on stdout at once: as JSON, or for people, in colour on a terminal.

    media: the times are those in a video or folder, which have no time zone.
    """
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def print_event(event: Event) -> None:
        time = event.at[11:19] if media else local_time(event.at)[11:]
        print(as_json(event) if json else as_line(event, time, colour), flush=True)

    return print_event


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
