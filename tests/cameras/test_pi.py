import inspect
import itertools

import numpy as np
import pytest

from edge.cameras import exposure
from edge.cameras.pi import PiCamera
from edge.cameras.pi_fake import ADVERTISED, FLICKER, FakePi, FakePicamera2, FakeRequest
from edge.config import CameraConfig
from edge.errors import CameraError
from tests.cameras.pis import GREY, RED, opened, scene


def test_a_red_patch_is_red_in_both_sizes() -> None:
    camera = opened(FakePi(scene(), "imx708"), width=1280, height=720)
    frame = next(iter(camera))
    assert camera.live and camera.size == (1280, 720) and frame.image.shape == (720, 1280, 3)
    assert frame.small is not None and frame.small.shape == (180, 320, 3)
    for picture in (frame.image, frame.small):
        height, width = picture.shape[:2]
        assert np.abs(picture[height // 2, width // 4].astype(int) - RED).max() <= 4
        assert np.abs(picture[height // 2, -1].astype(int) - GREY).max() <= 4, "padding must be cut off"


@pytest.mark.parametrize("size", [(640, 480), (854, 480), (1920, 1080), (2304, 1296), (320, 240)])
def test_the_small_stream_is_the_large_one_halved(size: tuple[int, int]) -> None:
    camera = opened(FakePi(scene(*size), "imx708"), width=size[0], height=size[1])
    frame = next(iter(camera))
    assert frame.small is not None and frame.image.shape[1::-1] == size == camera.size
    height, width = frame.small.shape[:2]
    assert min(size[0], 256) - 1 <= width < 512
    assert width / height == pytest.approx(size[0] / size[1], rel=0.01)


def test_frames_are_numbered_and_timed_by_the_sensor() -> None:
    pi = FakePi(scene(), "imx708")
    first, second, third = itertools.islice(opened(pi, fps=5), 3)
    assert [first.index, second.index, third.index] == [0, 1, 2]
    assert (second.t - first.t, third.t - second.t) == pytest.approx((0.2, 0.2))


def test_exposure_and_white_balance_have_settled_and_are_locked() -> None:
    pi = FakePi(scene(), "imx708")
    frames = iter(opened(pi))
    (camera,) = pi.cameras
    lock = camera.asked[-1]
    assert lock["AeEnable"] is lock["AwbEnable"] is False
    assert lock["ExposureTime"] * lock["AnalogueGain"] == pytest.approx(20_000, rel=0.02)
    assert lock["ColourGains"] == pytest.approx((1.8, 1.6), rel=0.02)
    before = next(frames).image
    pi.light = 0.5
    after = next(frames).image
    assert after.mean() == pytest.approx(before.mean() / 2, rel=0.05), "a dark bottle brightens nothing"


def test_a_lock_is_given_up_where_the_light_has_changed_too_far_and_taken_anew() -> None:
    pi = FakePi(scene(), "imx708")
    frames = iter(opened(pi))
    (camera,) = pi.cameras
    pi.light = 0.1
    list(itertools.islice(frames, 120))
    unlock, lock = camera.asked[-2:]
    assert unlock == exposure.FREE and lock["AeEnable"] is False
    assert next(frames).image.mean() == pytest.approx(scene().mean(), rel=0.05)
    asked = len(camera.asked)
    list(itertools.islice(frames, 120))
    assert len(camera.asked) == asked


def test_a_dark_room_stays_locked() -> None:
    pi = FakePi(np.full((720, 1280, 3), 5, np.uint8), "imx708")
    frames = iter(opened(pi))
    asked = len(pi.cameras[0].asked)
    list(itertools.islice(frames, 120))
    assert len(pi.cameras[0].asked) == asked


def test_light_that_flickers_is_locked_all_the_same() -> None:
    pi = FakePi(scene(), "imx708")
    flicker = itertools.cycle((0.7, 1.3))
    pi.waiting = lambda: setattr(pi, "light", next(flicker))
    next(iter(opened(pi)))
    assert pi.cameras[0].asked[-1]["AeEnable"] is False


def test_a_camera_without_colours_has_no_white_balance_to_lock() -> None:
    without = tuple(name for name in ADVERTISED if name not in ("AwbEnable", "ColourGains"))
    pi = FakePi(scene(), "imx296", controls=without)
    next(iter(opened(pi)))
    assert pi.cameras[0].asked[-1].keys() == {"AeEnable", "ExposureTime", "AnalogueGain"}


@pytest.mark.parametrize(("mains", "period"), [("50", 10_000), ("60", 8_333)])
def test_exposures_fit_the_flicker_of_lamps(mains: str, period: int) -> None:
    pi = FakePi(scene(), "imx708", controls=(*ADVERTISED, *FLICKER))
    opened(pi, mains=mains)
    assert {"AeFlickerMode": 1, "AeFlickerPeriod": period}.items() <= pi.cameras[0].asked[0].items()


def test_mains_auto_leaves_flicker_to_a_camera_that_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pi = FakePi(scene(), "imx708", controls=(*ADVERTISED, *FLICKER))
    opened(pi).close()
    assert not pi.cameras[0].asked[0].keys() & set(FLICKER)
    controls = pi.cameras[0].camera_controls | {"AeFlickerMode": (0, 2, 0)}
    monkeypatch.setattr(FakePicamera2, "camera_controls", controls)
    opened(pi)
    assert pi.cameras[1].asked[0]["AeFlickerMode"] == 2


def test_mains_without_a_control_for_it_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    opened(FakePi(scene(), "imx708"), mains="50")
    assert "camera 0 (imx708): has no control against the flicker of lamps" in caplog.text


def test_a_camera_of_one_stream_without_controls_gives_that() -> None:
    pi = FakePi(scene(), "Sensor B", controls=())
    pi.streams = 1
    frame = next(iter(opened(pi)))
    assert frame.small is None and frame.image.shape == (180, 320, 3)
    assert frame.image[90, 80, 0] > 5 * frame.image[90, 80, 1], "red, and as dark as it is: nobody sets its exposure"
    assert pi.cameras[0].asked == [{}]


def test_a_camera_of_one_stream_settles_its_exposure_by_that() -> None:
    pi = FakePi(scene(), "imx708")
    pi.streams = 1
    frame = next(iter(opened(pi)))
    assert frame.small is None and np.abs(frame.image[90, 80].astype(int) - RED).max() <= 4


def test_every_request_is_released() -> None:
    pi = FakePi(scene(), "imx708")
    list(itertools.islice(opened(pi), 50))
    (camera,) = pi.cameras
    assert camera.held == 0 and camera.released > 50


def test_a_request_is_released_where_its_picture_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    pi = FakePi(scene(), "imx708")
    frames = iter(opened(pi))

    def fails(request: FakeRequest, name: str) -> None:
        raise RuntimeError("Format\nnot supported")

    monkeypatch.setattr(FakeRequest, "make_array", fails)
    with pytest.raises(CameraError, match=r"camera 0 \(imx708\): Format not supported; check its cable"):
        next(frames)
    assert pi.cameras[0].held == 0


def test_closing_from_another_thread_ends_the_waiting() -> None:
    pi = FakePi(scene(), "imx708")
    camera = opened(pi)
    frames = iter(camera)
    next(frames)
    pi.waiting = camera.close
    assert list(frames) == [] and not pi.cameras[0].is_open
    camera.close()


def test_a_camera_with_a_motor_finds_its_focus(caplog: pytest.LogCaptureFixture) -> None:
    pi = FakePi(scene(), "imx708", controls=(*ADVERTISED, "AfMode"))
    opened(pi).close()
    assert not caplog.records
    pi.focuses = False
    opened(pi)
    assert "camera 0 (imx708): found no focus" in caplog.text


def test_the_fake_has_the_shape_of_the_real_one() -> None:
    real = pytest.importorskip("picamera2", reason="python3-picamera2 is not installed here").Picamera2
    for name, fake in inspect.getmembers(FakePicamera2, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.signature(fake).parameters.keys() <= inspect.signature(getattr(real, name)).parameters.keys()


def test_a_real_camera() -> None:
    real = pytest.importorskip("picamera2", reason="python3-picamera2 is not installed here").Picamera2
    if not real.global_camera_info():
        pytest.skip("no Raspberry Pi camera is connected here")
    camera = PiCamera(CameraConfig())
    try:
        first, second = itertools.islice(camera, 2)
    finally:
        camera.close()
    assert first.image.shape == (720, 1280, 3) and first.small is not None and first.small.shape == (180, 320, 3)
    assert second.t > first.t
