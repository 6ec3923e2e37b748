import logging
import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.cameras import v4l2
from edge.cameras.v4l2 import V4L2Camera, device_file, why_not
from edge.config import CameraConfig
from edge.errors import CameraError


class Clock:
    """A clock that goes on only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Device:
    """A camera by the rules of cv2.VideoCapture, opened as often as it is plugged in; it gives red frames, BGR.

    script: what each grab does: "frame", "damaged", "stall" (3 s without a frame) or "gone"; after its end, frames.
    plugged: asked at each opening. fps: how fast it is.
    """

    def __init__(self, clock: Clock, *script: str, plugged: Callable[[], bool] = lambda: True, fps: float = 10) -> None:
        self.clock, self.script, self.plugged, self.fps = clock, list(script), plugged, fps
        self.sizes, self.formats = [(1280, 720)], ["YUYV", "MJPG"]
        self.opened = 0
        self.held: list[Opened] = []

    def __call__(self, path: str) -> "Opened":
        assert not any(each.isOpened() for each in self.held), "a device is opened again only once it is let go"
        self.opened += 1
        self.held.append(Opened(self, path))
        return self.held[-1]


class Opened:
    def __init__(self, device: Device, path: str) -> None:
        self.device, self.path = device, path
        self.open = device.plugged()
        self.size, self.code = device.sizes[0], device.formats[0]
        self.asked: dict[int, float] = {}
        self.last = "gone"

    def isOpened(self) -> bool:
        return self.open

    def grab(self) -> bool:
        if not self.open:
            return False
        self.last = self.device.script.pop(0) if self.device.script else "frame"
        self.device.clock.now += {"stall": 3, "gone": 0}.get(self.last, 1 / self.device.fps)
        return self.last in ("frame", "damaged")

    def retrieve(self) -> tuple[bool, object]:
        if not self.open or self.last != "frame":
            return False, None
        image = np.zeros((self.size[1], self.size[0], 3), np.uint8)
        image[..., 2] = 255
        return True, image

    def set(self, prop: int, value: float) -> bool:
        self.asked[prop] = value
        wanted = (int(self.asked.get(cv2.CAP_PROP_FRAME_WIDTH, 0)), int(self.asked.get(cv2.CAP_PROP_FRAME_HEIGHT, 0)))
        if wanted in self.device.sizes:
            self.size = wanted
        if prop == cv2.CAP_PROP_FOURCC and (code := int(value).to_bytes(4, "little").decode()) in self.device.formats:
            self.code = code
        return True

    def get(self, prop: int) -> float:
        return cv2.VideoWriter.fourcc(*self.code) if prop == cv2.CAP_PROP_FOURCC else 0

    def release(self) -> None:
        self.open = False


def camera(plugged: Device, /, **keys: object) -> V4L2Camera:
    config = CameraConfig(kind="v4l2", **keys)  # type: ignore[arg-type]
    return V4L2Camera(config, plugged, plugged.clock, plugged.clock.sleep)


def test_frames_are_rgb_and_of_the_monotonic_clock(caplog: pytest.LogCaptureFixture) -> None:
    device = Device(Clock())
    with caplog.at_level(logging.WARNING):
        opened = camera(device, device="2")
    assert opened.live and opened.size == (1280, 720) and opened.device == "/dev/video2" == device.held[0].path
    frames = iter(opened)
    first, second = next(frames), next(frames)
    assert tuple(first.image[0, 0]) == (255, 0, 0)
    assert (first.index, second.index) == (0, 1) and second.t - first.t == pytest.approx(0.1)
    assert not caplog.records


def test_format_size_and_rate_are_asked_and_what_differs_is_told(caplog: pytest.LogCaptureFixture) -> None:
    device = Device(Clock())
    device.sizes, device.formats = [(640, 480)], ["YUYV"]
    opened = camera(device, width=1920, height=1080, fps=5, format="MJPG")
    assert device.held[0].asked[cv2.CAP_PROP_FPS] == 5
    assert opened.size == (640, 480) and opened.format == "YUYV"
    size, code = [record.getMessage() for record in caplog.records]
    hint = "; what it can give: v4l2-ctl -d /dev/video0 --list-formats-ext"
    assert size == f"/dev/video0: gives 640x480 pixels; asked for 1920x1080{hint}"
    assert code == f"/dev/video0: gives YUYV; asked for MJPG{hint}"


def test_a_format_that_it_has_is_chosen(caplog: pytest.LogCaptureFixture) -> None:
    assert camera(Device(Clock()), format="MJPG").format == "MJPG"
    assert not caplog.records


def test_a_faster_camera_is_slowed_down_to_what_was_asked() -> None:
    frames = iter(camera(Device(Clock(), fps=30), fps=10))
    next(frames)
    times = [next(frames).t for _ in range(20)]
    assert times[-1] - times[0] == pytest.approx(1.9, abs=0.1)


def test_every_frame_of_a_camera_no_faster_than_asked_is_taken() -> None:
    device = Device(Clock(), fps=9.9)
    frames = iter(camera(device, fps=10))
    next(frames)
    started = device.clock.now
    for _ in range(50):
        next(frames)
    assert device.clock.now - started == pytest.approx(50 / 9.9, abs=0.2)


def test_a_damaged_frame_is_left_out() -> None:
    frames = iter(camera(Device(Clock(), "frame", "damaged", "damaged", "frame")))
    assert [next(frames).index for _ in range(2)] == [0, 1]


def test_a_camera_that_is_plugged_in_again_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    device = Device(clock, "frame", "frame", "gone", plugged=lambda: not 1000.2 < clock.now < 1002)
    frames = iter(camera(device))
    assert [next(frames).index for _ in range(3)] == [0, 1, 2]
    assert clock.now == pytest.approx(1002.3) and device.opened == 5
    assert [record.getMessage() for record in caplog.records] == [
        "/dev/video0: gave no frame for 2.1 seconds, and was opened again"
    ]


@pytest.mark.parametrize("script", [["gone"], ["stall"] * 9])
def test_a_camera_that_does_not_come_back_ends_before_the_watchdog_bites(script: list[str]) -> None:
    clock = Clock()
    device = Device(clock, "frame", *script, plugged=lambda: clock.now < 1000.2 or script != ["gone"])
    frames = iter(camera(device))
    next(frames)
    with pytest.raises(CameraError, match="/dev/video0: no frame for 5 seconds; is it plugged in"):
        next(frames)
    assert 1005 <= clock.now <= 1009


def test_a_camera_that_comes_back_as_another_is_refused() -> None:
    clock = Clock()
    device = Device(clock, "frame", "gone")
    frames = iter(camera(device))
    next(frames)
    device.sizes = [(320, 240)]
    with pytest.raises(CameraError, match="gives 320x240 pixels, before 1280x720"):
        next(frames)


def test_a_camera_without_a_frame_is_refused_and_let_go() -> None:
    device = Device(Clock(), "stall")
    with pytest.raises(CameraError, match="/dev/video0: gives no frame"):
        camera(device)
    assert not device.held[0].isOpened()


def test_a_closed_camera_gives_no_more_and_lets_the_device_go() -> None:
    device = Device(Clock())
    opened = camera(device)
    frames = iter(opened)
    next(frames)
    opened.close()
    opened.close()
    assert list(frames) == [] and not device.held[0].isOpened()


def test_closing_ends_the_waiting_for_a_camera_that_has_gone() -> None:
    clock = Clock()
    device = Device(clock, "frame", "gone", plugged=lambda: clock.now < 1000.2)
    opened = camera(device)
    frames = iter(opened)
    next(frames)
    device.plugged = lambda: opened.close() is not None
    assert list(frames) == []


def test_devices_are_named_by_number_or_file() -> None:
    assert device_file("3") == "/dev/video3" and device_file("/dev/v4l/by-id/x") == "/dev/v4l/by-id/x"
    with pytest.raises(CameraError, match=r"camera.device: webcam: expected a number, or a device file"):
        device_file("webcam")


def test_a_missing_camera_is_refused_in_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CameraError, match="/dev/video97: no such camera; plug it in, or set camera.device") as error:
        V4L2Camera(CameraConfig(kind="v4l2", device="97"))
    assert "\n" not in str(error.value) and capfd.readouterr() == ("", "")


def test_what_is_no_device_is_told(tmp_path: Path) -> None:
    file = tmp_path / "video"
    file.touch()
    assert why_not(str(file)).endswith("no device; expected one such as /dev/video0")
    assert "gives no pictures" in why_not("/dev/null")


def test_what_may_not_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert "may not use it; try: sudo usermod -aG video" in why_not("/dev/null")


@pytest.mark.parametrize(
    ("driver", "capabilities", "said"),
    [
        (b"uvcvideo", 0x04A00001, "busy, another program has it"),
        (b"uvcvideo", 0x04A00000 | 0x00800000, "gives no pictures"),
        (b"unicam", 0x25A00001, "set camera.kind: picamera2"),
    ],
)
def test_why_a_device_does_not_open_is_asked_of_it(
    monkeypatch: pytest.MonkeyPatch, driver: bytes, capabilities: int, said: str
) -> None:
    def answer(file: int, request: int, argument: bytes) -> bytes:
        assert request == v4l2.QUERY
        return driver.ljust(88, b"\0") + capabilities.to_bytes(4, "little") + bytes(12)

    monkeypatch.setattr("fcntl.ioctl", answer)
    assert said in why_not("/dev/null")
