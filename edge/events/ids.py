"""Names for placements that no other placement ever had, and that sort by time.

A UUIDv7 (RFC 9562) does the same in 36 characters; Python makes one from 3.14 on. These have 16, which people
read aloud and type into `bottlebank correct`.
"""

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
