import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from edge.cameras.factory import open_camera
from edge.config import CameraConfig
from edge.errors import CameraError
from tests.bank import pictures
from tests.cameras import videos


def test_files_are_opened_by_kind(tmp_path: Path) -> None:
    video = open_camera(CameraConfig(kind="video", path=videos.write(tmp_path / "a.mp4")))
    assert video.size == (64, 48) and not video.live
    pictures.write(tmp_path / "1.png", 1)
    pictures.write(tmp_path / "2.png", 2)
    folder = open_camera(CameraConfig(kind="folder", path=tmp_path, fps=2))
    assert [frame.t for frame in folder] == [0, 0.5]


def test_the_simulated_scene_is_drawn_as_configured() -> None:
    config = CameraConfig(kind="simulated", width=320, height=240, fps=5, seed=7)
    frames, same = (list(itertools.islice(open_camera(config), 3)) for _ in range(2))
    assert frames[0].image.shape == (240, 320, 3)
    assert [frame.t for frame in frames] == pytest.approx([0, 0.2, 0.4])
    assert all((one.image == other.image).all() for one, other in zip(frames, same, strict=True))


@pytest.mark.parametrize(
    ("kind", "said"), [("picamera2", "picamera2|camera 0"), ("v4l2", "/dev/video97: no such camera")]
)
def test_a_camera_that_is_not_there_is_an_error_in_one_line(
    kind: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(CameraError, match=said) as error:
        open_camera(CameraConfig(kind=kind, device="97"))
    assert "\n" not in str(error.value)


def test_nothing_of_another_camera_is_imported(tmp_path: Path) -> None:
    pictures.write(tmp_path / "1.png", 1)
    script = f"""
import sys
from edge.cameras.factory import open_camera
from edge.config import CameraConfig
from pathlib import Path
open_camera(CameraConfig(kind="folder", path=Path({str(tmp_path)!r})))
print(*(name for name in sys.modules if name.startswith("edge.cameras.")))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"edge.cameras.camera", "edge.cameras.folder", "edge.cameras.factory"}
