from pathlib import Path

import pytest

from edge.cameras.folder import FolderCamera
from edge.errors import CameraError
from tests.bank import pictures


def test_images_come_in_natural_order_at_their_rate(tmp_path: Path) -> None:
    for number in (10, 9, 1, 100):
        pictures.write(tmp_path / f"Shot {number}.png", number)
    pictures.write(tmp_path / ".hidden.png", 5)
    pictures.write(tmp_path / "within" / "1.png", 5)
    (tmp_path / "notes.txt").write_text("no picture")
    camera = FolderCamera(tmp_path, 4)
    frames = list(camera)
    assert camera.size == (48, 64) and not camera.live
    assert [(frame.index, frame.t) for frame in frames] == [(0, 0), (1, 0.25), (2, 0.5), (3, 0.75)]
    for frame, number in zip(frames, (1, 9, 10, 100), strict=True):
        assert (frame.image == pictures.picture(number)).all()


def test_what_does_not_fit_is_left_out_by_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "0.png").write_bytes(b"")
    pictures.write(tmp_path / "1.png", 1)
    (tmp_path / "2.png").write_bytes(pictures.encoded(pictures.picture(2, 32, 32), ".png"))
    (tmp_path / "3.jpg").write_bytes(pictures.encoded(pictures.picture(3))[:-100])
    pictures.write(tmp_path / "4.webp", 4)
    assert [(frame.index, frame.t) for frame in FolderCamera(tmp_path, 10)] == [(0, 0), (1, 0.1)]
    empty, small, cut = [record.getMessage() for record in caplog.records]
    assert empty == f"{tmp_path}/0.png: the file is empty; copy it again; left out"
    assert small == f"{tmp_path}/2.png: 32x32 pixels; expected 48x64 as the first image; left out"
    assert cut.startswith(f"{tmp_path}/3.jpg: the file is cut off")


def test_a_folder_without_an_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="no JPEG, PNG, WebP, HEIC or AVIF in this folder; correct camera.path"):
        FolderCamera(tmp_path, 10)
    (tmp_path / "1.jpg").write_bytes(b"")
    with pytest.raises(CameraError, match="none of its images can be read"):
        FolderCamera(tmp_path, 10)


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="nowhere: not found"):
        FolderCamera(tmp_path / "nowhere", 10)
    file = tmp_path / "a.mp4"
    file.touch()
    with pytest.raises(CameraError, match="expected a folder of images; name the folder, or use kind: video"):
        FolderCamera(file, 10)


def test_a_closed_folder_gives_no_more(tmp_path: Path) -> None:
    for number in range(3):
        pictures.write(tmp_path / f"{number}.png", number)
    camera = FolderCamera(tmp_path, 10)
    frames = iter(camera)
    next(frames)
    camera.close()
    camera.close()
    assert list(frames) == []
