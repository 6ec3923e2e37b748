"""Many items worked on side by side, with the results in their order and no more than a few of them in memory."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Semaphore
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Tool = TypeVar("Tool")

AHEAD = 4
"""Items a worker may be ahead of the one whose result is due, so that a slow one does not keep the others waiting."""


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """Given work to be done on each item, yield the results in the items' order.

    workers: threads, which gain where the work releases Python's lock: reading, decoding, inference. Items are taken
    no more than AHEAD * workers before their results are. Raise what the work raises, in its place.
    """
    with pool(workers) as threads:
        yield from queued(threads, work, items, AHEAD * workers)


@contextmanager
def pool(workers: int) -> Iterator[Executor]:
    """Threads for the work of several `queued`; what they have not started at the end of the block is left out."""
    threads = ThreadPoolExecutor(workers)
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)


def queued(threads: Executor, work: Callable[[Item], Result], items: Iterable[Item], ahead: int) -> Iterator[Result]:
    """As `in_order`, in threads that others queue work for too; ahead: items taken before their results are."""
    waiting: deque[Future[Result]] = deque()
    for item in items:
        waiting.append(threads.submit(work, item))
        if len(waiting) == ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


class Shared(Generic[Tool]):
    """Tools of which each serves one thread at a time, such as one interpreter per core."""

    def __init__(self, make: Callable[[], Tool], most: int, *ready: Tool) -> None:
        """Given how a tool is made, have no more than `most` of them, each made when it is first needed.

        ready: those that there are already.
        """
        self._make, self._to_make = make, Semaphore(most - len(ready))
        self._free: SimpleQueue[Tool] = SimpleQueue()
        for tool in ready:
            self._free.put(tool)

    def use(self, work: Callable[[Tool], Result]) -> Result:
        """Do the work with a tool that is free, once there is one."""
        tool = self._take()
        try:
            return work(tool)
        finally:
            self._free.put(tool)

    def _take(self) -> Tool:
        try:
            return self._free.get_nowait()
        except Empty:
            return self._make() if self._to_make.acquire(blocking=False) else self._free.get()
