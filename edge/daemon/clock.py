"""The time of events, in UTC, and the pace at which frames are taken."""

import time
from collections.abc import Callable, Generator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from edge.cameras.camera import Camera
from edge.cameras.latest import latest
from edge.types import Frame

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What the daemon needs of a clock."""

    def now(self) -> str:
        """The time now, UTC in ISO 8601 with milliseconds."""

    def follow(self, camera: Camera) -> Generator[Frame | None, None, None]:
        """Given a camera, yield its frames, each when its time has come; None where none came for a while."""


class SystemClock:
    """Real time: the newest frame of a live camera, and the frames of media at their own rate."""

    def now(self) -> str:
        """The time now, UTC in ISO 8601 with milliseconds."""
        return utc()

    def follow(self, camera: Camera) -> Generator[Frame | None, None, None]:
        """Given a camera, yield its frames, each when its time has come; None where none came for a while."""
        return latest(iter(camera)) if camera.live else paced(camera)


class MediaClock:
    """The time in a video or folder, counted from 1970, so that the same media give the same events."""

    def __init__(self) -> None:
        self._t = 0.0

    def follow(self, frames: Iterable[Frame]) -> Generator[Frame, None, None]:
        """Given frames, yield them as fast as they come and be set by each."""
        for frame in frames:
            self._t = frame.t
            yield frame

    def now(self) -> str:
        """The time of the last frame, ISO 8601 with milliseconds."""
        return _iso(_EPOCH + timedelta(milliseconds=round(1000 * self._t)))


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


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
