"""How long things take, as medians over runs in turn, so that what slows the machine for a while slows them all."""

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any


def interleaved(works: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Given works by name, do each of them once a round and return the median of each in seconds.

    A work that returns a float has measured itself. A first round does not count.
    """
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds + 1):
        for name, work in works.items():
            start = time.perf_counter()
            own = work()
            taken[name].append(own if isinstance(own, float) else time.perf_counter() - start)
    return {name: median(seconds[1:]) for name, seconds in taken.items()}


class Stopwatch:
    """A runtime's interpreter that adds up how long its invocations take.

    seconds: the sum. Everything else is the interpreter's own.
    """

    def __init__(self, interpreter: Any) -> None:
        self.seconds = 0.0
        self._interpreter = interpreter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._interpreter, name)

    def invoke(self) -> None:
        """Run the model, and add the time."""
        start = time.perf_counter()
        self._interpreter.invoke()
        self.seconds += time.perf_counter() - start
