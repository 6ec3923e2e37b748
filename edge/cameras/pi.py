"""A Raspberry Pi camera through picamera2: a large stream for crops, a small one of the same frame for isolation.

A camera that gives one stream only, such as the kernel's vimc, gives the large one; isolation scales it.

Brittle on purpose: a camera that stalls ends the process, for libcamera seldom recovers within it.

The array of a stream called BGR888 has its bytes in the order R, G, B (libcamera names the bits of a word, the other
way round), so that it is RGB as it is. The small stream can only be YUV on a Raspberry Pi 4 and older. Its rows are
padded; it is asked for in the colours of ITU-R BT.601, limited range, since that is how OpenCV decodes it, and the two
streams must agree: the scene is learned from the small one and photos of it are compared with the large one.

picamera2 comes with the system, fits only its libcamera, and is imported only when such a camera is opened.
"""

import importlib
import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any, NamedTuple

import cv2
import numpy as np

from edge.cameras.busy import busy
from edge.cameras.exposure import Exposure
from edge.config import CameraConfig
from edge.errors import CameraError
from edge.text import one_line
from edge.types import Frame, Image

log = logging.getLogger(__name__)

STALL = 4.0
"""Seconds without a frame after which the camera is given up."""

FOCUS = 6.0
"""Seconds that a camera with a motor has to find its focus."""

SMALL = 512
"""The small stream is narrower than this: the large one halved, as isolation would."""

FLASHES = {"50": 10_000, "60": 8_333}
"""Microseconds between two flashes of a lamp, for each frequency of the mains: it flashes twice a cycle."""

MANUAL, AUTO = 1, 2
"""libcamera's AeFlickerMode: exposures that are whole numbers of a given period, or of one that the camera finds."""

INSTALL = "sudo apt install python3-picamera2, and a venv made with --system-site-packages"


class Library(NamedTuple):
    """What is used of picamera2 and libcamera: the class Picamera2, and the colour space SMPTE 170M (BT.601)."""

    camera: Any
    colours: Any


class Taken(NamedTuple):
    """One frame, RGB, its small version where the camera makes one, and its time."""

    image: Image
    small: Image | None
    t: float


class PiCamera:
    """The frames of a Raspberry Pi camera, whose exposure and white balance have settled and are locked."""

    live = True

    def __init__(self, config: CameraConfig, library: Callable[[], Library] | None = None) -> None:
        """Given the configuration's camera section, open the camera and wait until exposure and colours have settled.

        library: what gives picamera2, or what obeys its rules. Raise CameraError if there is no picamera2 or no
        camera, if it is busy, gives something else than was asked, or stalls.
        """
        self._lock = threading.Lock()
        self._closed = False
        self._index = 0
        self._camera, self._name = _opened((library or picamera2)(), config)
        try:
            self.size = self._camera.stream_configuration("main")["size"]
            small = self._camera.stream_configuration("lores")
            self._narrow = small["size"][0] if small else 0
            self._exposure = Exposure() if "AeEnable" in self._camera.camera_controls else None
            while self._exposure and not self._exposure.locked:
                self._take()
            self._focus()
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[Frame]:
        """The frames from now on. Raise CameraError if none comes for some seconds."""
        while (taken := self._take()) is not None:
            yield Frame(taken.image, self._index, taken.t, taken.small)
            self._index += 1

    def close(self) -> None:
        """Close the camera."""
        with self._lock:
            already, self._closed = self._closed, True
        if not already:
            with suppress(RuntimeError):  # libcamera's complaints of a camera that has gone
                self._camera.cancel_all_and_flush()
                self._camera.close()

    def _take(self) -> Taken | None:
        """The newest frame not yet taken; None once closed."""
        try:
            with self._camera.captured_request(wait=STALL) as request, self._lock:
                if self._closed:
                    return None
                image = request.make_array("main")
                yuv = request.make_array("lores") if self._narrow else None
                metadata = request.get_metadata()
        except (TimeoutError, CancelledError, RuntimeError) as error:
            if self._closed:
                return None
            reason = f"no frame for {STALL:g} seconds" if isinstance(error, TimeoutError) else one_line(error)
            raise CameraError(f"{self._name}: {reason}; check its cable, with the power off") from error
        small = None
        if yuv is not None:
            small = np.ascontiguousarray(cv2.cvtColor(yuv, cv2.COLOR_YUV2RGB_I420)[:, : self._narrow])
        t = metadata["SensorTimestamp"] / 1e9
        if self._exposure:
            level = float((image[::8, ::8] if small is None else small).mean())
            controls, known = self._exposure.step(metadata, level, t), self._camera.camera_controls
            if controls:
                self._camera.set_controls({name: value for name, value in controls.items() if name in known})
        return Taken(image, small, t)

    def _focus(self) -> None:
        """Have a camera with a motor find its focus, once."""
        if "AfMode" not in self._camera.camera_controls:
            return
        try:
            found = self._camera.autofocus_cycle(wait=FOCUS)
        except TimeoutError:
            self._camera.cancel_all_and_flush()
            found = False
        if not found:
            log.warning("%s: found no focus; give it light and something with an edge, then restart", self._name)


def picamera2() -> Library:
    """Import the system's picamera2. Raise CameraError if it is missing or does not fit."""
    os.environ.setdefault("LIBCAMERA_LOG_LEVELS", "*:ERROR")
    logging.getLogger("picamera2").setLevel(logging.CRITICAL)  # it raises what it logs
    try:
        camera = importlib.import_module("picamera2").Picamera2
        return Library(camera, importlib.import_module("libcamera").ColorSpace.Smpte170m())
    except ModuleNotFoundError as error:
        raise CameraError(f"picamera2: no {error.name} here; try: {INSTALL}") from error
    except (ImportError, AttributeError, ValueError) as error:  # built against another numpy or libcamera
        raise CameraError(
            f"picamera2: does not load ({one_line(error)}); see docs/install.md for what fits it"
        ) from error


def _opened(library: Library, config: CameraConfig) -> tuple[Any, str]:
    """Given the library, return the configured camera, started, and its name. Raise CameraError."""
    if not config.device.isdecimal():
        raise CameraError(f"camera.device: {config.device}: expected a number; rpicam-hello --list-cameras has them")
    number = int(config.device)
    found = library.camera.global_camera_info()
    if number >= len(found):
        raise CameraError(
            f"camera {number}: not there, of {len(found)}; check its cable, with the power off, that no other "
            "program has it, and that this user is in the group video"
        )
    name = f"camera {number} ({found[number].get('Model', 'no model')})"
    if "/usb" in found[number].get("Id", ""):
        raise CameraError(f"{name}: a USB camera; set camera.kind: v4l2")
    try:
        camera = library.camera(number)
    except (RuntimeError, OSError) as error:
        reason = one_line(error.__context__ or error)
        raise CameraError(busy(name) if "busy" in reason.lower() else f"{name}: {reason}; try a reboot") from error
    try:
        expected = _start(camera, name, library.colours, config)
        streams = {stream: camera.stream_configuration(stream)["format"] for stream in expected}
        if streams != expected:
            raise CameraError(f"{name}: gives {streams}; expected {expected}; is it a Raspberry Pi camera?")
    except (RuntimeError, OSError) as error:
        with suppress(RuntimeError):
            camera.close()
        if isinstance(error, CameraError):
            raise
        size = f"{config.width}x{config.height}"
        raise CameraError(
            f"{name}: does not start at {size} ({one_line(error)}); try a smaller camera.width"
        ) from error
    return camera, name


def _start(camera: Any, name: str, colours: Any, config: CameraConfig) -> dict[str, str]:
    """Given a camera, have it give its streams at the configured size and rate, and return their formats."""
    streams: dict[str, dict[str, Any]] = {"main": {"size": (config.width, config.height), "format": "BGR888"}}
    if len(camera.camera.streams) > 1:
        small = (config.width, config.height)
        while small[0] >= SMALL:
            small = (small[0] // 2, small[1] // 2)
        streams["lores"] = {"size": small, "format": "YUV420"}
    duration = round(1e6 / config.fps)
    controls = {"FrameDurationLimits": (duration, duration), **_against_flicker(camera, name, config.mains)}
    camera.configure(
        camera.create_video_configuration(
            **streams,
            raw=None,
            colour_space=colours,
            buffer_count=4,
            controls={control: value for control, value in controls.items() if control in camera.camera_controls},
            display=None,
            encode=None,
        )
    )
    camera.start()
    return {stream: str(settings["format"]) for stream, settings in streams.items()}


def _against_flicker(camera: Any, name: str, mains: str) -> dict[str, int]:
    """Given a camera, return the controls it has that keep the flicker of lamps out of its exposures."""
    _, most, _ = camera.camera_controls.get("AeFlickerMode", (0, 0, 0))
    if mains == "auto":
        return {"AeFlickerMode": AUTO} if most >= AUTO else {}
    if most < MANUAL:
        log.warning("%s: has no control against the flicker of lamps; camera.mains has no effect", name)
        return {}
    return {"AeFlickerMode": MANUAL, "AeFlickerPeriod": FLASHES[mains]}
