"""Ctrl-C as a flag, so that long work stops between two items and keeps its results."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted:
    """Whether Ctrl-C was pressed."""

    def __init__(self) -> None:
        self._noted = False

    def __bool__(self) -> bool:
        return self._noted

    def note(self, number: int, frame: FrameType | None) -> None:
        """Note the first Ctrl-C; the second raises KeyboardInterrupt."""
        if self._noted:
            raise KeyboardInterrupt
        self._noted = True


@contextmanager
def noted() -> Iterator[Interrupted]:
    """While this lasts, Ctrl-C makes what it yields true. Main thread only. Where Ctrl-C is ignored, it stays so."""
    interrupted = Interrupted()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupted.note)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
