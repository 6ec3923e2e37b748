from pathlib import Path

import numpy as np
import pytest

from edge.images.reader import read_photo
from edge.images.writer import encode, write_picture
from edge.types import Image


def picture() -> Image:
    """Red on the left, blue on the right."""
    halves = np.zeros((20, 40, 3), np.uint8)
    halves[:, :20], halves[:, 20:] = (200, 30, 10), (10, 30, 200)
    return halves


def test_a_png_is_read_back_exactly(tmp_path: Path) -> None:
    write_picture(tmp_path / "p.png", picture())
    assert (read_photo(tmp_path / "p.png") == picture()).all()


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG"])
def test_a_jpeg_is_read_back_nearly(tmp_path: Path, suffix: str) -> None:
    write_picture(tmp_path / f"p{suffix}", picture())
    difference = np.abs(read_photo(tmp_path / f"p{suffix}").astype(int) - picture())
    assert difference.mean() < 4


def test_a_lower_quality_takes_fewer_bytes() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    assert len(encode(noise, ".jpg", quality=50)) < len(encode(noise, ".jpg")) / 2


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected .jpg, .jpeg or .png to write a picture as, got .gif"):
        write_picture(tmp_path / "p.gif", picture())
    assert not list(tmp_path.iterdir())
