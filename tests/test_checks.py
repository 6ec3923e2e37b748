import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from edge.cameras.busy import busy
from edge.checks import check_bank, check_camera, check_disk
from edge.config import CameraConfig, Config, EnrollConfig, StateConfig
from edge.errors import CameraError, StoreError
from tests.rights import without_rights


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(enroll=EnrollConfig(tmp_path / "enroll"), state=StateConfig(tmp_path / "state"))


def refuses(name: str, number: int) -> Callable[[Path], None]:
    """A disk on which this folder cannot be written."""

    def probe(folder: Path) -> None:
        if folder.name == name:
            raise OSError(number, os.strerror(number))

    return probe


def lasts(folder: Path) -> None:
    """A file system that a reboot does not empty."""


def test_a_camera_that_the_service_has_is_busy_and_that_is_explained(config: Config) -> None:
    def refuse(config: CameraConfig) -> None:
        raise CameraError(busy("camera 0 (imx708)"))

    with pytest.raises(CameraError, match=r"if that is the service, the camera works \(see `bottlebank status`\)"):
        check_camera(config, refuse)


def test_a_disk_is_tried_and_left_as_it_was(config: Config, tmp_path: Path) -> None:
    said = check_disk(config, kind_of=lasts)
    assert said == f"{tmp_path}/state and {tmp_path}/enroll can be written" and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "this user may not write there; try: sudo bottlebank check"),
        (errno.ENOSPC, "the disk is full; free some space"),
        (errno.EROFS, "the disk is read-only; try: sudo dmesg"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_state_that_cannot_be_written_says_why(config: Config, number: int, said: str) -> None:
    with pytest.raises(StoreError, match=f"{config.state.folder}: {said}"):
        check_disk(config, refuses("state", number), lasts)


def test_photos_that_this_user_can_only_read_are_no_fault(config: Config) -> None:
    said = check_disk(config, refuses("enroll", errno.EACCES), lasts)
    assert f"{config.enroll.folder} cannot by this user: Permission denied; the service only reads it" in said


def test_a_disk_that_a_reboot_empties_is_a_fault(config: Config) -> None:
    with pytest.raises(StoreError, match="what lies on overlay may be gone after the next boot; try: sudo "):
        check_disk(config, kind_of=lambda folder: "overlay")


def test_a_bank_that_this_user_may_not_read_says_which_group_may(config: Config) -> None:
    with TemporaryDirectory() as photos:  # unlike tmp_path it lies where everybody may look
        Path(photos).chmod(0o755)
        config = replace(config, enroll=EnrollConfig(Path(photos)))
        with without_rights(config.state.folder), pytest.raises(StoreError) as refusal:
            check_bank(config)
    assert str(refusal.value).endswith("Permission denied; try: sudo usermod -aG bottlebank $USER, and log in again")
