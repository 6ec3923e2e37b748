import fcntl
import logging
import struct
from pathlib import Path

import pytest

from edge.cameras.power_line import set_power_line
from tests.cameras.test_v4l2 import Clock, Device, camera


@pytest.mark.parametrize(("mains", "value"), [("50", 1), ("60", 2), ("auto", 3)])
def test_the_camera_is_asked_by_its_control(
    mains: str, value: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(fcntl, "ioctl", lambda file, request, argument: asked.append((request, argument)))
    (tmp_path / "video0").touch()
    assert set_power_line(str(tmp_path / "video0"), mains)
    assert asked == [(0xC008561C, struct.pack("=Ii", 0x00980918, value))]


def test_what_has_no_such_control_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "video0").touch()
    assert not set_power_line(str(tmp_path / "video0"), "50")
    assert not set_power_line(str(tmp_path / "missing"), "50")


def test_a_camera_without_it_is_warned_of_only_where_it_was_asked(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        camera(Device(Clock()), device="97")
        assert not caplog.records
        camera(Device(Clock()), device="97", mains="60")
    assert "/dev/video97: has no control against the flicker of lamps; camera.mains has no effect" in caplog.text
