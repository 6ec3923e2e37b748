import os
from pathlib import Path

import pytest

from edge.bank.correction import correct, corrections
from edge.errors import StoreError
from edge.types import NOT_A_PRODUCT


def test_a_correction_is_a_photo_of_the_product_and_moves_when_corrected(tmp_path: Path) -> None:
    file = correct(tmp_path, "01-ab", "cola", b"a JPEG")
    assert file == tmp_path / "cola" / "placement-01-ab.jpg" and file.read_bytes() == b"a JPEG"
    assert corrections(tmp_path) == {"01-ab": "cola"}
    assert correct(tmp_path, "01-ab", "cola", b"a JPEG") == file
    moved = correct(tmp_path, "01-ab", NOT_A_PRODUCT, b"a JPEG")
    assert corrections(tmp_path) == {"01-ab": NOT_A_PRODUCT} and not file.exists()
    moved.unlink()
    assert corrections(tmp_path) == {}


def test_a_folder_that_is_not_writable_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr("edge.bank.correction.write_atomic", refuse)
    with pytest.raises(StoreError, match="Permission denied; be the folder's owner, or give --enroll another"):
        correct(tmp_path, "01-ab", "cola", b"a JPEG")
