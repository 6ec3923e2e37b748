"""OpenCV's reader of USB cameras: RGB, silent, and to be closed from any thread."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Protocol

import cv2
import numpy as np

from edge.types import Image

LEAVE = 1.0
"""Seconds that closing waits for a read in progress; a longer one closes the device itself when it comes back."""

STALL = 3
"""Whole seconds after which OpenCV gives up on a frame of a camera; its own default is 10."""

ERRORS = 2
"""OpenCV's level of logging for errors; it has the name LOG_LEVEL_ERROR only from 4.13 on."""

os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", str(STALL))


def hush(library: ModuleType) -> None:
    """Given cv2, let it say nothing of its own that is no error; to OpenCV 4.12 the call lies in another place."""
    set_level = getattr(library, "setLogLevel", None) or library.utils.logging.setLogLevel
    set_level(ERRORS)


hush(cv2)


class Reader(Protocol):
    """What is used of cv2.VideoCapture."""

    def isOpened(self) -> bool: ...

    def grab(self) -> bool: ...

    def retrieve(self) -> tuple[bool, Any]: ...

    def get(self, propId: int, /) -> float: ...

    def set(self, propId: int, value: float, /) -> bool: ...

    def release(self) -> None: ...


class Capture:
    """A reader that is used by one thread and may be closed by another."""

    def __init__(self, reader: Reader) -> None:
        """Given an open reader, own it."""
        self._reader = reader
        self._lock = threading.Lock()
        self.closed = False

    def grab(self) -> bool:
        """Go to the next frame; False at the end, on a fault and once closed."""
        with self._using():
            return not self.closed and self._reader.grab()

    def retrieve(self) -> Image | None:
        """The frame gone to, decoded, RGB; None where it cannot be."""
        with self._using():
            got, picture = self._reader.retrieve()
        if not got or picture is None:
            return None
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))  # into the same memory it would take a copy first

    def read(self) -> Image | None:
        """The next frame; None at the end, on a fault and once closed."""
        return self.retrieve() if self.grab() else None

    def close(self) -> None:
        """Close the device."""
        self.closed = True
        if self._lock.acquire(timeout=LEAVE):
            try:
                self._reader.release()
            finally:
                self._lock.release()

    @contextmanager
    def _using(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            finally:
                if self.closed:
                    self._reader.release()
