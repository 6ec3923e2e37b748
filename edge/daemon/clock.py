"""What time it is, in UTC, as events tell it."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from edge.types import Frame

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc() -> str:
    """The time now, ISO 8601 with milliseconds."""
    return _iso(datetime.now(UTC))


def paced(
    frames: Iterable[Frame], now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
) -> Generator[Frame, None, None]:
    """Given the frames of a file, yield each when its time has come, none left out, as a camera would give them."""
    start = None
    for frame in frames:
        start = now() - frame.t if start is None else start
        if (early := start + frame.t - now()) > 0:
            sleep(early)
        yield frame


class MediaClock:
    """The time in a video or folder, counted from 1970, so that the same media give the same events."""

    def __init__(self) -> None:
        self._t = 0.0

    def follow(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Given frames, yield them and be set by each."""
        for frame in frames:
            self._t = frame.t
            yield frame

    def now(self) -> str:
        """The time of the last frame, ISO 8601 with milliseconds."""
        return _iso(_EPOCH + timedelta(milliseconds=round(1000 * self._t)))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
