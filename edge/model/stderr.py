"""What native code prints on standard error, such as the runtime's notice of its XNNPACK delegate, sent to the log."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

STDERR = 2
NOTICES = ("INFO:", "VERBOSE:")
"""How lines begin that are logged as debug; others are warnings."""


class _Collector:
    """Standard error belongs to the process: the first of several threads diverts it, the last one restores it.

    Where it cannot be diverted, since it is closed or a sandbox forbids it, it stays as it is.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._kept: int | None = None

    def start(self) -> None:
        with self._lock:
            self._users += 1
            if self._users > 1:
                return
            try:
                self._collected = os.memfd_create("stderr")
            except OSError:
                return
            try:
                self._kept = os.dup(STDERR)
                os.dup2(self._collected, STDERR)
            except OSError:
                os.close(self._collected)

    def stop(self) -> str:
        """Return what was collected, if no other thread still collects."""
        with self._lock:
            self._users -= 1
            if self._users or self._kept is None:
                return ""
            os.dup2(self._kept, STDERR)
            os.close(self._kept)
            self._kept = None
            with open(self._collected, errors="replace") as file:
                file.seek(0)
                return file.read()


_collector = _Collector()


@contextmanager
def stderr_to_log() -> Iterator[None]:
    """While this lasts, collect what the process prints on standard error, and log it at the end."""
    _collector.start()
    try:
        yield
    finally:
        for line in _collector.stop().splitlines():
            log.log(logging.DEBUG if line.startswith(NOTICES) else logging.WARNING, "%s", line)
