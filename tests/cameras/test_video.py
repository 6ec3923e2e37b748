import os
from pathlib import Path

import pytest

from edge.cameras.video import VideoCamera
from edge.errors import CameraError
from tests.cameras import videos


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "mp4v"), ("a.avi", "MJPG"), ("a.mkv", "mp4v")])
def test_every_frame_comes_once_in_rgb_at_its_time(tmp_path: Path, name: str, codec: str) -> None:
    camera = VideoCamera(videos.write(tmp_path / name, codec=codec))
    frames = list(camera)
    assert camera.size == (64, 48) and not camera.live
    assert [frame.index for frame in frames] == list(range(40))
    assert [frame.t for frame in frames] == pytest.approx([index / 10 for index in range(40)], abs=0.002)
    red, green, blue = frames[5].image[30, 10]
    assert red > 220 and green < 40 and blue < 40
    assert frames[30].image[3, 25].min() > 180 > frames[10].image[3, 25].min()
    assert list(camera) == []


@pytest.mark.parametrize(
    ("fps", "times"),
    [(5, [0, 0.2, 0.4, 0.6, 0.8, 1.0]), (4, [0, 0.3, 0.5, 0.8, 1.0]), (10, [0, 0.1, 0.2]), (1, [0, 1])],
)
def test_no_more_frames_a_second_come_than_are_asked_for(tmp_path: Path, fps: float, times: list[float]) -> None:
    path = videos.write(tmp_path / "a.mp4")
    frames, every = list(VideoCamera(path, fps)), list(VideoCamera(path))
    assert [frame.t for frame in frames[: len(times)]] == pytest.approx(times, abs=0.002)
    assert [frame.index for frame in frames] == list(range(len(frames))) and len(frames) == 4 * fps
    for frame in frames:
        assert (frame.image == every[round(10 * frame.t)].image).all()


def test_the_file_s_own_timestamps_count_not_an_even_pace(tmp_path: Path) -> None:
    camera = VideoCamera(videos.stretch(videos.write(tmp_path / "a.mp4"), 5))
    assert [frame.t for frame in camera][:3] == pytest.approx([0, 0.5, 0.6], abs=0.01)


def test_a_file_that_states_neither_times_nor_length_is_paced_evenly(tmp_path: Path) -> None:
    camera = VideoCamera(videos.write(tmp_path / "a.mjpeg", codec="MJPG"))
    assert [frame.t for frame in camera] == pytest.approx([index / 25 for index in range(40)])


def test_a_film_held_upright_is_upright(tmp_path: Path) -> None:
    camera = VideoCamera(videos.turn(videos.write(tmp_path / "a.mp4")))
    assert camera.size == (48, 64)
    image = next(iter(camera)).image
    assert image.shape == (64, 48, 3)
    assert image[10, 20, 0] > 220 and image[50, 20, 0] < 40


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such video file; mend camera.path"),
        (b"", "cannot be read as a video; copy it again"),
        (b"no video", "cannot be read as a video; copy it again"),
    ],
)
def test_what_is_no_video_is_refused_in_one_line(
    tmp_path: Path, content: bytes | None, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CameraError, match=said) as error:
        VideoCamera(path)
    assert str(error.value).startswith(f"{path}: ") and "\n" not in str(error.value)
    assert capfd.readouterr() == ("", "")


def test_a_folder_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="no such video file"):
        VideoCamera(tmp_path)


def test_a_file_cut_off_before_its_table_is_refused(tmp_path: Path) -> None:
    path = videos.write(tmp_path / "a.mp4")
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(CameraError, match="cannot be read as a video"):
        VideoCamera(path)


def test_a_file_cut_off_in_the_middle_gives_what_there_is_and_then_says_so(tmp_path: Path) -> None:
    path = videos.write(tmp_path / "a.avi", codec="MJPG")
    os.truncate(path, path.stat().st_size // 2)
    frames = []
    with pytest.raises(CameraError, match=r"ends or cannot be decoded after 1\.\d of 4\.0 seconds; copy it again"):
        frames.extend(VideoCamera(path))
    frames.clear()
    camera = VideoCamera(path)
    with pytest.raises(CameraError):
        for frame in camera:
            frames.append(frame)
    assert 10 < len(frames) < 25
    with pytest.raises(CameraError, match=r"after 1\.\d of 4\.0 seconds"):
        list(VideoCamera(path, 3))


def test_a_closed_camera_gives_no_more_and_may_be_closed_again(tmp_path: Path) -> None:
    camera = VideoCamera(videos.write(tmp_path / "a.mp4"))
    frames = iter(camera)
    next(frames)
    camera.close()
    camera.close()
    assert list(frames) == []
