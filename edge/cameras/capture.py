"""OpenCV's reader of videos and USB cameras: RGB, silent, and to be closed from any thread."""

import os
import threading
from typing import Any, NamedTuple, Protocol

import cv2
import numpy as np

from edge.types import Image

LEAVE = 1.0
"""Seconds that closing waits for a read in progress; a longer one closes the device itself when it comes back."""

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # faults are told in one line, by who asked
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)


class Reader(Protocol):
    """What is used of cv2.VideoCapture."""

    def isOpened(self) -> bool: ...

    def read(self) -> tuple[bool, Any]: ...

    def get(self, propId: int, /) -> float: ...

    def set(self, propId: int, value: float, /) -> bool: ...

    def release(self) -> None: ...


class Taken(NamedTuple):
    """A picture, RGB, and the seconds into the media at which its file says that it is due."""

    picture: Image
    stamp: float


class Capture:
    """A reader that is used by one thread and may be closed by another."""

    def __init__(self, reader: Reader) -> None:
        """Given an open reader, own it."""
        self._reader = reader
        self._lock = threading.Lock()
        self.closed = False

    def read(self) -> Taken | None:
        """The next picture; None at the end, on a fault and once closed."""
        with self._lock:
            if self.closed:
                return None
            got, picture = self._reader.read()
            stamp = self._reader.get(cv2.CAP_PROP_POS_MSEC) / 1000
            if self.closed:
                self._reader.release()
                return None
        if not got or picture is None:
            return None
        return Taken(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB, dst=picture)), stamp)

    def close(self) -> None:
        """Let the device or file go."""
        self.closed = True
        if self._lock.acquire(timeout=LEAVE):
            try:
                self._reader.release()
            finally:
                self._lock.release()
