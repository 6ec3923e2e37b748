from pathlib import Path

import numpy as np
import pytest

from edge.images.lettering import FOLDERS, GREEN, PREFERRED, font_for, installed, write_text
from edge.types import Image


def written(text: str, width: int) -> Image:
    area: Image = np.full((20, width, 3), 255, np.uint8)
    write_text(area, text, 12, GREEN)
    return area


def ink(area: Image) -> int:
    """The columns that hold ink."""
    return int((area.min(axis=(0, 2)) < 200).sum())


def test_text_that_is_too_wide_is_cut_at_its_end() -> None:
    short, long = written("cola", 60), written("cola-and-a-very-long-name-of-it", 60)
    assert ink(long) > ink(short) > 0
    assert np.array_equal(short[:, :20], long[:, :20]) and written("cola", 200)[:, 60:].min() == 255
    assert ink(written("cola", 0)) == 0


@pytest.mark.skipif(not installed(*FOLDERS), reason="this system has no fonts")
def test_a_font_of_the_system_draws_what_is_not_english() -> None:
    assert any(path.name == PREFERRED for path in installed(*FOLDERS)) or ink(written("é", 60))
    assert not np.array_equal(written("ж", 60), written("é", 60))


def test_without_fonts_and_with_a_damaged_one_something_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    assert font_for("é", 12, [tmp_path / "none"]).getlength("e") > 0
    assert font_for("é", 12, [tmp_path]).getlength("e") > 0
