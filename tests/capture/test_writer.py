import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.capture.writer import write_photos
from edge.errors import BadPhoto, StoreError


def test_numbers_go_on_after_those_that_are_there(tmp_path: Path) -> None:
    names = ["2.png", "10.JPEG", "front.jpg"]
    (tmp_path / "cola").mkdir()
    for name in names:
        (tmp_path / "cola" / name).touch()
    paths = list(write_photos(iter([b"a", b"b", b"c"]), tmp_path / "cola", 2))
    assert [path.name for path in paths] == ["11.jpg", "12.jpg"] and paths[1].read_bytes() == b"b"


def test_what_was_taken_until_a_fault_is_counted(tmp_path: Path) -> None:
    def photos() -> Iterator[bytes]:
        yield b"a"
        raise BadPhoto("nothing stands there")

    with pytest.raises(BadPhoto, match="nothing stands there; 1 photo of 4 taken"):
        list(write_photos(photos(), tmp_path / "cola", 4))
    assert [path.name for path in tmp_path.glob("*/*")] == ["1.jpg"]
    with pytest.raises(BadPhoto, match="0 photos of 4 taken"):
        list(write_photos((_ for _ in photos() if _ != b"a"), tmp_path / "none", 4))
    assert not (tmp_path / "none").exists()


def test_a_folder_that_is_not_writable_says_what_to_do(tmp_path: Path) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise PermissionError(13, os.strerror(13))

    with pytest.raises(StoreError, match="cola: Permission denied; be the folder's owner, or give --enroll another"):
        list(write_photos([b"a"], tmp_path / "cola", 1, write=refuse))
