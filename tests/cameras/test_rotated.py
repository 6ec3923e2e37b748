from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from edge.cameras.factory import open_camera
from edge.cameras.rotated import RotatedCamera
from edge.config import CameraConfig
from edge.types import Frame, Image
from tests.bank import pictures

WIDE, SMALL = pictures.picture(1, 64, 40), pictures.picture(2, 32, 20)


class TwoStreams:
    """A camera that gives one frame in two sizes."""

    size, live = (WIDE.shape[1], WIDE.shape[0]), True

    def __init__(self, small: Image | None) -> None:
        self.small, self.closed = small, False

    def __iter__(self) -> Iterator[Frame]:
        yield Frame(WIDE, 7, 1.5, self.small)

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(("degrees", "quarters"), [(90, -1), (180, 2), (270, 1)])
def test_both_sizes_are_turned_clockwise(degrees: int, quarters: int) -> None:
    inner = TwoStreams(SMALL)
    camera = RotatedCamera(inner, degrees)
    (frame,) = camera
    assert frame.small is not None
    assert np.array_equal(frame.image, np.rot90(WIDE, quarters)) and np.array_equal(
        frame.small, np.rot90(SMALL, quarters)
    )
    assert camera.size == (frame.image.shape[1], frame.image.shape[0]) and camera.live
    assert (frame.index, frame.t) == (7, 1.5) and frame.image.flags.c_contiguous
    camera.close()
    assert inner.closed


def test_a_camera_without_a_small_size_stays_without() -> None:
    (frame,) = RotatedCamera(TwoStreams(None), 90)
    assert frame.small is None


def test_every_kind_of_camera_is_turned(tmp_path: Path) -> None:
    pictures.write(tmp_path / "1.png", 1)
    plain = CameraConfig(kind="folder", path=tmp_path)
    turned = CameraConfig(kind="folder", path=tmp_path, rotate=90)
    (frame,), (upright,) = open_camera(turned), open_camera(plain)
    assert np.array_equal(frame.image, np.rot90(upright.image, -1))
