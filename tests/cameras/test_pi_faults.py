import sys
from types import SimpleNamespace

import pytest

from edge.cameras.pi import PiCamera, picamera2
from edge.cameras.pi_fake import FakePi, FakePicamera2
from edge.config import CameraConfig
from edge.errors import CameraError
from tests.cameras.pis import opened, scene


def test_a_stall_is_an_error_within_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    pi = FakePi(scene(), "imx708")
    frames = iter(opened(pi))
    waits = []
    capture = FakePicamera2.captured_request
    monkeypatch.setattr(
        FakePicamera2, "captured_request", lambda camera, wait: waits.append(wait) or capture(camera, wait)
    )
    pi.stalled = True
    with pytest.raises(CameraError, match=r"camera 0 \(imx708\): no frame for 4 seconds; check its cable"):
        next(frames)
    assert waits == [4.0]


def test_a_stall_while_exposure_settles_lets_the_camera_go() -> None:
    pi = FakePi(scene(), "imx708")
    pi.stalled = True
    with pytest.raises(CameraError, match="no frame for 4 seconds"):
        opened(pi)
    assert not pi.cameras[0].is_open


def test_no_camera_is_told_before_it_is_opened() -> None:
    with pytest.raises(CameraError, match="camera 0: not there, of 0; check its cable, with the power off"):
        opened(FakePi(scene()))
    with pytest.raises(CameraError, match="camera 1: not there, of 1"):
        opened(FakePi(scene(), "imx708"), device="1")
    with pytest.raises(CameraError, match="camera.device: /dev/video0: expected a number"):
        opened(FakePi(scene(), "imx708"), device="/dev/video0")


def test_a_busy_camera_says_what_that_means() -> None:
    pi = FakePi(scene(), "imx708")
    opened(pi)
    with pytest.raises(CameraError, match=r"camera 0 \(imx708\): busy, another program has it; if that is the service"):
        opened(pi)


def test_a_usb_camera_is_sent_to_its_own_kind() -> None:
    pi = FakePi(scene(), "HD Webcam")
    pi.identity = "/base/scb/pcie@7d500000/usb@0,0-1.3:1.0-{}"
    with pytest.raises(CameraError, match="a USB camera; set camera.kind: v4l2"):
        opened(pi)


def test_a_size_that_does_not_start_is_told_and_the_camera_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(camera: FakePicamera2) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(FakePicamera2, "start", start)
    pi = FakePi(scene(), "imx708")
    with pytest.raises(CameraError, match="does not start at 4608x2592 .*Cannot allocate memory.*smaller camera.width"):
        opened(pi, width=4608, height=2592)
    assert not pi.cameras[0].is_open


def test_a_format_that_was_not_asked_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pi = FakePi(scene(), "imx708")
    configured = FakePicamera2.stream_configuration
    monkeypatch.setattr(
        FakePicamera2, "stream_configuration", lambda camera, name: {**configured(camera, name), "format": "RGB888"}
    )
    with pytest.raises(CameraError, match="expected {'main': 'BGR888', 'lores': 'YUV420'}; is it a"):
        opened(pi)
    assert not pi.cameras[0].is_open


def test_without_picamera2_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(
        CameraError, match="try: sudo apt install python3-picamera2, and a venv made with --system-site"
    ):
        PiCamera(CameraConfig())


def test_a_picamera2_built_against_another_numpy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", SimpleNamespace())
    with pytest.raises(CameraError, match=r"picamera2: does not load \(.*Picamera2.*\); see docs/install.md"):
        picamera2()
