"""A video file: its frames upright, each at the time that the file states, as many a second as are asked for.

The others are gone past without being made into pictures. A file whose frames end more than a second before the length
that it states is taken to be cut off.
"""

from collections.abc import Iterator
from math import inf
from pathlib import Path

import cv2

from edge.cameras.opencv import Capture, Pace
from edge.errors import CameraError
from edge.types import Frame, Image

USUAL_FPS = 25.0
"""Frames a second of a file that states none."""

SLACK = 1.0
"""Seconds that the stated length may exceed the last frame: it may be rounded, or that of the sound."""


class VideoCamera:
    """The frames of a video file, once."""

    live = False

    def __init__(self, path: Path, fps: float = inf) -> None:
        """Given a video file, open it. fps: frames a second of the media that are given at most.

        Raise CameraError if it is missing or its first frame cannot be decoded.
        """
        if not path.is_file():
            raise CameraError(f"{path}: no such video file; mend camera.path, or copy the file there")
        reader = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        reader.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
        self._path, self._capture = path, Capture(reader)
        self._fps, self._count = reader.get(cv2.CAP_PROP_FPS), reader.get(cv2.CAP_PROP_FRAME_COUNT)
        if self._fps <= 0:
            self._fps = USUAL_FPS
        self._next = self._capture.read()
        if self._next is None:
            self._capture.close()
            raise CameraError(f"{path}: cannot be read as a video; copy it again, or convert it to MP4 with H.264")
        height, width = self._next.shape[:2]
        self.size = (width, height)
        self._passed, self._index, self._t = 0, 0, -1 / self._fps
        self._pace = Pace(fps, 1 / self._fps)

    def __iter__(self) -> Iterator[Frame]:
        """The frames not yet given. Raise CameraError where the file is cut off."""
        while (taken := self._take()) is not None:
            yield Frame(taken, self._index, self._t)
            self._index += 1
        length = self._count / self._fps
        if self._passed < self._count and self._t + SLACK < length and not self._capture.closed:
            at = f"{self._t:.1f} of {length:.1f} seconds"
            raise CameraError(f"{self._path}: ends or cannot be decoded after {at}; copy it again")

    def close(self) -> None:
        """Let the file go."""
        self._capture.close()

    def _take(self) -> Image | None:
        """The next frame that is due, the first of which was read to know the size."""
        first, self._next = self._next, None
        if first is not None and not self._capture.closed and self._is_due():
            return first
        while self._capture.grab():
            if self._is_due():
                return self._capture.retrieve()
        return None

    def _is_due(self) -> bool:
        """Whether the frame gone to is to be given; its time is what the file states, if it does."""
        self._passed += 1
        stamp = self._capture.stamp()
        self._t = stamp if stamp > self._t else self._t + 1 / self._fps
        return self._pace.takes(self._t)
