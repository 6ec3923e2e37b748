"""The systemd journal, by its own protocol, so that `journalctl EVENT=identified PRODUCT=cola` finds what it should.

Fields beside the message: EVENT, PLACEMENT_ID, and where there is an answer PRODUCT, SCORE.
Protocol: https://systemd.io/JOURNAL_NATIVE_PROTOCOL
"""

import logging
import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress

from edge.events.format import DIGITS, as_message
from edge.types import Event

SOCKET = "/run/systemd/journal/socket"
_PRIORITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
"""The levels of `logging` with those of syslog(3); what is lower than the last is 7."""


def connected(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether what this process says on standard error goes to the journal anyway (systemd.exec(5), JOURNAL_STREAM)."""
    try:
        status = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


class Journald(logging.Handler):
    """Writes log records and events. What the journal does not take within a second is dropped: the ledger has it."""

    def __init__(self, path: str = SOCKET) -> None:
        super().__init__()
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.settimeout(1)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a log record."""
        priority = next((number for level, number in _PRIORITIES if record.levelno >= level), 7)
        self._write(self.format(record), priority)

    def write(self, event: Event) -> None:
        """Write an event."""
        fields = {"EVENT": event.event, "PLACEMENT_ID": event.placement}
        if event.match and event.match.product is not None:
            fields["PRODUCT"] = event.match.product
        if event.match and event.match.score is not None:
            fields["SCORE"] = f"{event.match.score:.{DIGITS}f}"
        self._write(as_message(event), 6, fields)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
        super().close()

    def _write(self, message: str, priority: int, fields: Mapping[str, str] | None = None) -> None:
        everything = {
            "MESSAGE": message,
            "PRIORITY": str(priority),
            "SYSLOG_IDENTIFIER": "bottlebank",
            **(fields or {}),
        }
        with suppress(OSError):
            self._socket.sendto(b"".join(_field(name, value) for name, value in everything.items()), self._path)


def _field(name: str, value: str) -> bytes:
    """A field as the protocol writes it; the length goes before a value, which then may hold any character."""
    content = value.encode(errors="replace")
    return name.encode() + b"\n" + len(content).to_bytes(8, "little") + content + b"\n"
