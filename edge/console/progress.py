"""The progress of long work, on a terminal: one line, which makes room for what is printed in between."""

import sys
import time
from collections.abc import Callable

SECONDS_BETWEEN = 0.1
"""Between two updates."""


def progress(what: str, now: Callable[[], float] = time.monotonic) -> Callable[[int, int | None], None]:
    """Given what is counted, return a function that is called with how many are done, and of how many or None.

    It writes over one line of stderr: how many, how many a second, how long the rest will take. Nothing where that is
    no terminal.
    """
    if not sys.stderr.isatty():
        return lambda done, total: None
    start = shown = now()

    def show(done: int, total: int | None) -> None:
        nonlocal shown
        at = now()
        if done != total and at - shown < SECONDS_BETWEEN:
            return
        shown = at
        rate = done / (at - start) if at > start else 0.0
        left = f", {duration((total - done) / rate)} left" if rate and total and done < total else ""
        end = "\n" if done == total else ""
        of = "" if total is None else f"/{total}"
        print(f"\r{done}{of} {what}, {rate:.0f} a second{left}\x1b[K", end=end, file=sys.stderr, flush=True)

    return show


def hide() -> None:
    """Take a progress without end off the terminal, also for a line to be printed in its place."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """Given seconds, return them as people say it: 8 s, 2 min 5 s, 1 h 20 min."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
