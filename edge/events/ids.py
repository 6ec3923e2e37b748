"""Names for placements that no other placement ever had, and that sort by time."""

import os
import time
from collections.abc import Callable, Iterator


def ids(now: Callable[[], int] = time.time_ns) -> Iterator[str]:
    """Yield ids without end: the millisecond, never one twice, and a random part, since a clock may be set back.

    now: nanoseconds since 1970.
    """
    last = 0
    while True:
        last = max(now() // 1_000_000, last + 1)
        yield f"{last:011x}-{os.urandom(2).hex()}"
