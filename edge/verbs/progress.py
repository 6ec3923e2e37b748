"""How far long work has come, on a terminal."""

import sys
from collections.abc import Callable


def progress(what: str) -> Callable[[int, int], None]:
    """Given what is counted, return a function to be told how many are done of how many.

    It writes over one line of stderr, and nothing where that is no terminal.
    """
    if not sys.stderr.isatty():
        return lambda done, total: None

    def show(done: int, total: int) -> None:
        print(f"\r{done}/{total} {what}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return show
