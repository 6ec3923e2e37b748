"""A Raspberry Pi without the Raspberry Pi: as much of picamera2 as `pi.py` uses, by its rules.

Checked against the source of picamera2 0.3.38, which itself runs in tests/boot/test_cameras.py. Streams called BGR888
hold R, G, B and those called RGB888 hold B, G, R; rows are padded to 64 bytes; a YUV420 array keeps its padding; sizes
are made even; a camera has few buffers, and gives no more frames while all of them are held; automatic exposure and
white balance take their time, and change nothing once they are off; a control that the camera has not, a stream that
was not configured and a request released twice raise RuntimeError; a camera that somebody has cannot be opened.

Time passes only with the frames, and no thread runs: who waits for a stalled camera waits in no time.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.types import Image

Bytes = npt.NDArray[np.uint8]

ADVERTISED = ("AeEnable", "AwbEnable", "ExposureTime", "AnalogueGain", "ColourGains", "FrameDurationLimits")
FLICKER = ("AeFlickerMode", "AeFlickerPeriod")
EXPOSURE, GAINS = 20_000.0, (1.8, 1.6)
"""What automatic exposure (microseconds times gain) and white balance arrive at in a light of 1."""

SPEED = 0.3
"""The part of the way there that they go with each frame."""

_YUV = {"SMPTE170M": (0.299, 0.114), "REC709": (0.2126, 0.0722)}
"""The parts of red and of blue in the luma of each colour space."""


class FakePi:
    """What stands for the class Picamera2: the cameras of one Raspberry Pi.

    scene: what they see, RGB, in a light of 1. light: how bright it is. stalled: whether frames come no more.
    streams: how many the cameras give at once. waiting: called where a real camera would be waited for. cameras: those
    opened so far.
    """

    def __init__(self, scene: Image, *models: str, controls: tuple[str, ...] = ADVERTISED) -> None:
        """Given what the cameras see and their models, connect them."""
        self.scene, self.models, self.controls = scene, models, controls
        self.light, self.stalled, self.focuses, self.streams = 1.0, False, True, 3
        self.waiting: Callable[[], object] = lambda: None
        self.identity = "/base/soc/i2c0mux/i2c@1/{}@1a"
        self.cameras: list[FakePicamera2] = []

    def global_camera_info(self) -> list[dict[str, Any]]:
        """The cameras connected."""
        return [{"Model": name, "Id": self.identity.format(name), "Num": i} for i, name in enumerate(self.models)]

    def __call__(self, camera_num: int = 0) -> "FakePicamera2":
        """Open a camera, as `Picamera2(camera_num)` does."""
        self.models[camera_num]
        try:
            if any(camera.is_open and camera.number == camera_num for camera in self.cameras):
                raise RuntimeError("Failed to acquire camera: Device or resource busy")
        except RuntimeError:
            raise RuntimeError("Camera __init__ sequence did not complete.")  # noqa: B904 as picamera2 does
        self.cameras.append(FakePicamera2(self, camera_num))
        return self.cameras[-1]


class FakePicamera2:
    """One open camera. held: requests not released. released: how many were. asked: the controls set, in order."""

    def __init__(self, pi: FakePi, number: int) -> None:
        self.pi, self.number = pi, number
        self.is_open, self.started = True, False
        self.held = self.released = 0
        self.asked: list[dict[str, Any]] = []
        self._config: dict[str, Any] = {}
        self._cancelled = False
        self._values: dict[str, Any] = {"AeEnable": True, "AwbEnable": True}
        self._exposure, self._now = 1000.0, 50_000_000_000
        self._gains: tuple[float, float] = (1.0, 1.0)

    @property
    def camera(self) -> SimpleNamespace:
        """libcamera's own camera."""
        return SimpleNamespace(streams=set(range(self.pi.streams)))

    @property
    def camera_controls(self) -> dict[str, Any]:
        limits = {"AeFlickerMode": (0, 1, 0), "AeFlickerPeriod": (100, 1_000_000, None)}
        return {name: limits.get(name, (None, None, None)) for name in self.pi.controls}

    def create_video_configuration(
        self,
        main: dict[str, Any],
        lores: dict[str, Any] | None = None,
        raw: dict[str, Any] | None = None,
        colour_space: Any = None,
        buffer_count: int = 6,
        controls: dict[str, Any] | None = None,
        display: str | None = "main",
        encode: str | None = "main",
    ) -> dict[str, Any]:
        streams = {"main": {"format": "XBGR8888", **main}, "lores": lores and {"format": "YUV420", **lores}, "raw": raw}
        for stream in filter(None, streams.values()):
            stream["size"] = tuple(side - side % 2 for side in stream["size"])
        space = colour_space or ("REC709" if main["size"] >= (1280, 720) else "SMPTE170M")
        names = {"buffer_count": buffer_count, "controls": controls or {}, "display": display, "encode": encode}
        return {**streams, "colour_space": str(space).upper(), **names}

    def configure(self, camera_config: dict[str, Any]) -> None:
        if self.started:
            raise RuntimeError("Camera must be stopped before configuring")
        main, lores = camera_config["main"], camera_config["lores"]
        if lores and self.pi.streams == 1:
            raise AttributeError("'NoneType' object has no attribute 'orientation'")
        if lores and (lores["size"][0] > main["size"][0] or lores["size"][1] > main["size"][1]):
            raise RuntimeError("lores stream dimensions may not exceed main stream")
        if lores and lores["format"] != "YUV420":
            raise RuntimeError("lores stream must be YUV")
        for stream in filter(None, (main, lores)):
            width = stream["size"][0] * (1 if stream["format"] == "YUV420" else 3)
            stream["stride"] = -(-width // 64) * 64
        self._config = camera_config
        self.set_controls(camera_config["controls"])

    def stream_configuration(self, name: str = "main") -> dict[str, Any] | None:
        stream: dict[str, Any] | None = self._config[name]
        return stream

    def start(self) -> None:
        if not self._config:
            raise RuntimeError("Camera has not been configured")
        self.started = True

    def set_controls(self, controls: dict[str, Any]) -> None:
        for name in controls:
            if name not in self.pi.controls:
                raise RuntimeError(f"Control {name} is not advertised by libcamera")
        self.asked.append(controls)
        self._values |= controls

    @contextmanager
    def captured_request(self, wait: float | None = None, flush: bool | None = None) -> Iterator["FakeRequest"]:
        self._wait(wait)
        self._expose()
        self.held += 1
        request = FakeRequest(self)
        try:
            yield request
        finally:
            request.release()

    def autofocus_cycle(self, wait: float | None = None) -> bool:
        if "AfMode" not in self.pi.controls:
            raise RuntimeError("Control AfMode is not advertised by libcamera")
        self._wait(wait)
        return self.pi.focuses

    def cancel_all_and_flush(self) -> None:
        self._cancelled = True

    def close(self) -> None:
        self.is_open = self.started = False

    def _wait(self, seconds: float | None) -> None:
        """Wait for a frame. Raise TimeoutError after as many seconds without one, CancelledError if cancelled."""
        self._cancelled = False
        self.pi.waiting()
        if self._cancelled:
            raise CancelledError
        if self.pi.stalled or not self.started or self.held >= self._config["buffer_count"]:
            assert seconds is not None, "this would wait forever"
            raise TimeoutError

    def _expose(self) -> None:
        """Take the next frame's settings."""
        self._now += int(1000 * self._values.get("FrameDurationLimits", (33_333, 33_333))[0])
        if self._values["AeEnable"]:
            self._exposure += SPEED * (EXPOSURE / self.pi.light - self._exposure)
        else:
            self._exposure = self._values["ExposureTime"] * self._values["AnalogueGain"]
        red, blue = self._gains
        if self._values["AwbEnable"]:
            self._gains = red + SPEED * (GAINS[0] - red), blue + SPEED * (GAINS[1] - blue)
        else:
            self._gains = self._values.get("ColourGains", self._gains)


class FakeRequest:
    """One frame of a camera."""

    def __init__(self, camera: FakePicamera2) -> None:
        self._camera, self._config, self._held = camera, camera._config, True
        gains = (camera._gains[0] / GAINS[0], 1.0, camera._gains[1] / GAINS[1])
        self._light = np.diag(gains) * (camera.pi.light * camera._exposure / EXPOSURE)
        self._metadata: dict[str, Any] = {"SensorTimestamp": camera._now}
        if "AeEnable" in camera.pi.controls:
            self._metadata |= {"ExposureTime": round(camera._exposure / 2), "AnalogueGain": 2.0}
        if "ColourGains" in camera.pi.controls:
            self._metadata["ColourGains"] = camera._gains

    def get_metadata(self) -> dict[str, Any]:
        return dict(self._metadata)

    def make_array(self, name: str) -> Bytes:
        if not self._held:
            raise RuntimeError("the request was released")
        stream = self._config.get(name)
        if not stream:
            raise RuntimeError(f"Stream {name!r} is not defined")
        scene = cv2.resize(self._camera.pi.scene, stream["size"], interpolation=cv2.INTER_AREA)
        picture: Image = np.asarray(cv2.transform(scene, self._light), np.uint8)
        if stream["format"] == "YUV420":
            return _i420(picture, stream["stride"], *_YUV[self._config["colour_space"]])
        return picture if stream["format"] == "BGR888" else np.ascontiguousarray(picture[..., ::-1])

    def release(self) -> None:
        if not self._held:
            raise RuntimeError("CompletedRequest: lock now has negative ref_count")
        self._held = False
        self._camera.held -= 1
        self._camera.released += 1


def _i420(picture: Image, stride: int, red: float, blue: float) -> Bytes:
    """Given RGB, return limited-range planar YUV whose rows are padded: (height * 3 / 2, stride)."""
    r, g, b = (picture[..., channel].astype(float) for channel in range(3))
    y = red * r + (1 - red - blue) * g + blue * b
    height, width = y.shape
    luma = np.full((height, stride), 235, np.uint8)
    luma[:, :width] = np.round(16 + y * 219 / 255)
    planes = [luma.ravel()]
    for difference in ((b - y) / (1 - blue), (r - y) / (1 - red)):
        chroma = np.full((height // 2, stride // 2), 240, np.uint8)
        chroma[:, : width // 2] = np.round(128 + difference[::2, ::2] * 112 / 255)
        planes.append(chroma.ravel())
    return np.concatenate(planes).reshape(height * 3 // 2, stride)
