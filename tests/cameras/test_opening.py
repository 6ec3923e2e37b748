from pathlib import Path

from edge.cameras.opening import open_camera
from edge.config import CameraConfig
from tests.bank import pictures
from tests.cameras import videos


def test_files_are_opened_by_kind(tmp_path: Path) -> None:
    video = open_camera(CameraConfig(kind="video", path=videos.write(tmp_path / "a.mp4")))
    assert video.size == (64, 48) and not video.live
    pictures.write(tmp_path / "1.png", 1)
    pictures.write(tmp_path / "2.png", 2)
    folder = open_camera(CameraConfig(kind="folder", path=tmp_path, fps=2))
    assert [frame.t for frame in folder] == [0, 0.5]
