"""A USB camera, or another that Linux shows as /dev/video…, through OpenCV.

Tough for a moment, then brittle: a camera that was unplugged or stalls is opened again for a few seconds, so that a
loose plug costs no restart; if it does not come back, CameraError ends the process, and systemd goes on trying. All
that time no frame feeds the watchdog, hence the few seconds.

Limits: exposure and white balance stay the camera's own affair. A camera that cannot be slow enough is read at its own
pace; the frames that come too early are not decoded.
"""

import fcntl
import logging
import os
import stat
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import cv2

from edge.cameras.busy import busy
from edge.cameras.opencv import Capture, Reader
from edge.cameras.pace import Pace
from edge.cameras.power_line import set_power_line
from edge.config import CameraConfig
from edge.errors import CameraError
from edge.types import Frame, Image

log = logging.getLogger(__name__)

SECONDS_WITHOUT_FRAME = 5.0
"""After which no further attempt is made; with the last attempt's stall it ends within 9."""

RETRY_EVERY = 0.5
"""Seconds between attempts to open the camera again."""

QUERY, CAPTURES = 0x80685600, 0x00001001
"""VIDIOC_QUERYCAP, and the capabilities of which a camera has one: single or multi-planar capture."""

PI_DRIVERS = ("unicam", "rp1-cfe", "bcm2835-isp", "pispbe")
"""Drivers whose device files are parts of a Raspberry Pi camera, which only libcamera can put together."""


class V4L2Camera:
    """The frames of a V4L2 device, at most as many a second as configured."""

    live = True

    def __init__(
        self,
        config: CameraConfig,
        opener: Callable[[str], Reader] = lambda device: cv2.VideoCapture(device, cv2.CAP_V4L2),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Given the configuration's camera section, open the device and take a frame to know its size.

        opener: makes a cv2.VideoCapture, or what obeys its rules. clock: seconds, monotonic. Raise CameraError if the
        device is missing, busy or gives no frame.
        """
        self._config, self._opener, self._clock, self._sleep = config, opener, clock, sleep
        self.device = device_file(config.device)
        self._closed = False
        self._index, self._pace = 0, Pace(config.fps, 1 / config.fps, clock())
        self._capture = self._open()
        self._next = self._capture.read()
        if self._next is None:
            self._capture.close()
            raise CameraError(f"{self.device}: gives no frame; plug it in again, or into a port of its own")
        self.size = _size(self._next)
        self._tell()

    def __iter__(self) -> Iterator[Frame]:
        """The frames not yet given. Raise CameraError if the camera has gone and does not come back."""
        while (taken := self._take()) is not None:
            if _size(taken) != self.size:
                now, before = ("{}x{}".format(*size) for size in (_size(taken), self.size))
                raise CameraError(
                    f"{self.device}: gives {now} pixels, before {before}; another camera? restart with it"
                )
            yield Frame(taken, self._index, self._clock())
            self._index += 1

    def close(self) -> None:
        """Close the device."""
        self._closed = True
        self._capture.close()

    def _take(self) -> Image | None:
        """The next frame that is due; None once closed."""
        taken, self._next = self._next, None
        since, gone = self._clock(), False
        while taken is None and not self._closed:
            if not self._capture.grab():
                gone = True
                self._reopen(since)
            elif self._pace.takes(self._clock()):
                taken = self._capture.retrieve()  # none where a frame is damaged, as the first ones often are
        if gone and taken is not None:
            log.warning("%s: gave no frame for %.1f seconds, and was opened again", self.device, self._clock() - since)
        return None if self._closed else taken

    def _reopen(self, since: float) -> None:
        """Open the device again. since: when the frame was asked for. Raise CameraError if it takes too long."""
        self._capture.close()
        while not self._closed:
            if self._clock() - since >= SECONDS_WITHOUT_FRAME:
                raise CameraError(f"{self.device}: no frame for {SECONDS_WITHOUT_FRAME:g} seconds; is it plugged in?")
            self._sleep(RETRY_EVERY)
            with suppress(CameraError):
                self._capture = self._open()
                break
        if self._closed:
            self._capture.close()

    def _open(self) -> Capture:
        """Given the device, open it and ask for format, size and rate. Raise CameraError."""
        reader = self._opener(self.device)
        if not reader.isOpened():
            raise CameraError(why_not(self.device))
        config = self._config
        if config.format:
            reader.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*config.format))
        reader.set(cv2.CAP_PROP_FRAME_WIDTH, config.width)
        reader.set(cv2.CAP_PROP_FRAME_HEIGHT, config.height)
        reader.set(cv2.CAP_PROP_FPS, config.fps)
        self.format = _letters(reader.get(cv2.CAP_PROP_FOURCC))
        if not set_power_line(self.device, config.mains) and config.mains != "auto":
            log.warning("%s: has no control against the flicker of lamps; camera.mains has no effect", self.device)
        return Capture(reader)

    def _tell(self) -> None:
        """Say where the camera gives something else than was asked of it."""
        asked, given = (self._config.width, self._config.height), self.size
        hint = f"; what it can give: v4l2-ctl -d {self.device} --list-formats-ext"
        if asked != given:
            log.warning("%s: gives %dx%d pixels; asked for %dx%d%s", self.device, *given, *asked, hint)
        if self._config.format not in (None, self.format):
            log.warning("%s: gives %s; asked for %s%s", self.device, self.format, self._config.format, hint)


def device_file(device: str) -> str:
    """Given the configuration's device, a number or a device file, return the file. Raise CameraError."""
    if device.isdecimal():
        return f"/dev/video{int(device)}"
    if device.startswith("/"):
        return device
    raise CameraError(f"camera.device: {device}: expected a number, or a device file such as /dev/video2")


def why_not(device: str) -> str:
    """Given a device file that cannot be opened as a camera, return why, and what to do."""
    try:
        if not stat.S_ISCHR(os.stat(device).st_mode):
            return f"{device}: no device; expected one such as /dev/video0"
        file = os.open(device, os.O_RDWR | os.O_NONBLOCK)
    except PermissionError:
        return f"{device}: this user may not use it; try: sudo usermod -aG video $USER, and log in again"
    except OSError:
        others = ", ".join(sorted(map(str, Path("/dev").glob("video*")))) or "none"
        return f"{device}: no such camera; plug it in, or set camera.device (there are: {others})"
    try:
        answer = fcntl.ioctl(file, QUERY, bytes(104))
    except OSError:
        answer = bytes(104)
    finally:
        os.close(file)
    driver, capabilities = answer[:16].rstrip(b"\0").decode("ascii", "replace"), struct.unpack_from("=I", answer, 88)[0]
    if driver in PI_DRIVERS:
        return f"{device}: part of a Raspberry Pi camera; set camera.kind: picamera2"
    if not capabilities & CAPTURES:
        return f"{device}: gives no pictures; another file of the camera does, see ls /dev/v4l/by-id/*index0"
    return busy(device)


def _size(picture: Image) -> tuple[int, int]:
    return picture.shape[1], picture.shape[0]


def _letters(code: float) -> str:
    """Given a pixel format as a number, return its four letters."""
    return int(code).to_bytes(4, "little", signed=True).decode("ascii", "replace").rstrip("\0 ")
