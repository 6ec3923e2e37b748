"""A video file: its frames upright, each at the time that the file states, at most as many a second as asked for.

The others are decoded and not made into RGB. A file whose video ends more than a second before the length that it
states is taken to be cut off.
"""

import threading
from collections.abc import Iterator
from math import inf
from pathlib import Path

from edge.cameras.pace import Pace
from edge.cameras.video_file import Decoded, VideoFile
from edge.errors import CameraError
from edge.types import Frame

SLACK = 1.0
"""Seconds that the stated length may exceed what the file holds: it may be rounded."""


class VideoCamera:
    """The frames of a video file, once."""

    live = False

    def __init__(self, path: Path, fps: float = inf) -> None:
        """Given a video file, open it. fps: frames a second of the media that are given at most.

        Raise CameraError if it is missing or its first frame cannot be decoded.
        """
        if not path.is_file():
            raise CameraError(f"{path}: no such video file; correct camera.path, or copy the file there")
        try:
            self._file = VideoFile(path)
        except CameraError as error:
            raise CameraError(f"{path}: {error}") from error
        self._path, self._lock, self._closed = path, threading.Lock(), False
        self._frames, self._pace = iter(self._file), Pace(fps, 1 / self._file.fps)
        self.size = self._file.size

    def __iter__(self) -> Iterator[Frame]:
        """The frames not yet given, each with its number in the file. Raise CameraError where the file is cut off."""
        while taken := self._next():
            if self._pace.takes(taken.t):
                yield Frame(self._file.image(taken.picture), taken.number, taken.t)
        stated, read = self._file.lengths()
        if read + SLACK < stated and not self._closed:
            at = f"{read:.1f} of {stated:.1f} seconds"
            raise CameraError(f"{self._path}: ends or cannot be decoded after {at}; copy it again")

    def close(self) -> None:
        """Close the file; may be called from another thread than the reader's."""
        self._closed = True
        with self._lock:
            self._file.close()

    def _next(self) -> Decoded | None:
        with self._lock:
            return None if self._closed else next(self._frames, None)
