import os
import shutil
import wave
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.cameras import video_file
from edge.cameras.video import VideoCamera
from edge.errors import CameraError
from edge.types import Image
from tests.cameras import videos

X265 = {"x265-params": "log-level=none:pools=none"}
SCALE = 1 << 16


def is_picture(image: Image, number: int) -> bool:
    """Whether this is `videos.picture(number)`, as well as lossy compression keeps it."""
    expected = videos.picture(number, image.shape[1], image.shape[0])
    return float(np.abs(image.astype(int) - expected).mean()) < 12


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
    assert len(frames) == 4 * fps
    for frame in frames:
        assert frame.index == round(10 * frame.t), "the number is the one in the file, so that one can seek to it"
        assert (frame.image == every[frame.index].image).all()


def test_the_file_s_own_timestamps_count_not_an_even_pace(tmp_path: Path) -> None:
    camera = VideoCamera(videos.stretch(videos.write(tmp_path / "a.mp4"), 5))
    assert [frame.t for frame in camera][:3] == pytest.approx([0, 0.5, 0.6], abs=0.01)


def test_a_file_that_states_neither_times_nor_length_is_paced_evenly(tmp_path: Path) -> None:
    camera = VideoCamera(videos.write(tmp_path / "a.mjpeg", codec="MJPG"))
    assert [frame.t for frame in camera] == pytest.approx([index / 25 for index in range(40)])


def test_frames_that_an_edit_list_hides_are_not_shown(tmp_path: Path) -> None:
    path = videos.encode(tmp_path / "a.mp4", skip=15, gop_size=40)
    assert b"elst" in path.read_bytes()
    frames = list(VideoCamera(path))
    assert [frame.index for frame in frames] == list(range(25))
    assert frames[0].t == 0 and is_picture(frames[0].image, 15) and is_picture(frames[24].image, 39)


@pytest.mark.parametrize("name", ["a.mkv", "a.mov", "a.avi"])
def test_sound_may_be_longer_than_the_picture(tmp_path: Path, name: str) -> None:
    assert len(list(VideoCamera(videos.encode(tmp_path / name, sound=90)))) == 40


def test_a_last_frame_may_be_shown_for_long(tmp_path: Path) -> None:
    path = videos.stretch(videos.write(tmp_path / "a.mp4"), 50, last=True)
    assert [frame.t for frame in VideoCamera(path)][-2:] == pytest.approx([3.8, 3.9])


def test_interlaced_h264_is_decoded(tmp_path: Path) -> None:
    frames = list(VideoCamera(videos.encode(tmp_path / "a.mp4", options={"x264-params": "tff=1"})))
    assert len(frames) == 40 and all(is_picture(frame.image, frame.index) for frame in frames)


@pytest.mark.parametrize(
    ("pixel", "size"), [("1/2", (64, 96)), ("2", (128, 48)), ("64/45", (91, 48)), ("1000", (64, 48))]
)
def test_pixels_become_square(tmp_path: Path, pixel: str, size: tuple[int, int]) -> None:
    path = videos.encode(tmp_path / "a.mov", "mpeg4", frames=2, sample_aspect_ratio=Fraction(pixel))
    camera = VideoCamera(path)
    assert camera.size == size
    for frame in camera:
        assert frame.image.shape == (size[1], size[0], 3)


@pytest.mark.parametrize(
    ("matrix", "upright"),
    [
        ((1, 0, 0, 1), videos.picture(9)),
        ((0, 1, -1, 0), np.rot90(videos.picture(9), -1)),
        ((-1, 0, 0, -1), np.rot90(videos.picture(9), 2)),
        ((0, -1, 1, 0), np.rot90(videos.picture(9))),
        ((-1, 0, 0, 1), videos.picture(9)[:, ::-1]),
        ((1, 0, 0, -1), videos.picture(9)[::-1]),
        ((0, 1, 1, 0), videos.picture(9).transpose(1, 0, 2)),
    ],
)
def test_a_video_is_turned_and_mirrored_as_its_matrix_says(
    tmp_path: Path, matrix: tuple[int, int, int, int], upright: Image
) -> None:
    a, b, c, d = (SCALE * each for each in matrix)
    path = videos.encode(tmp_path / "a.mp4", frames=10, matrix=(a, b, 0, c, d, 0, 0, 0, 1 << 30))
    camera = VideoCamera(path)
    assert camera.size == (upright.shape[1], upright.shape[0])
    image = list(camera)[9].image
    assert image.shape == upright.shape and np.abs(image.astype(int) - upright).mean() < 12


@pytest.mark.parametrize(
    ("codec", "settings"),
    [
        ("libx265", {"options": X265}),
        ("libx265", {"options": X265, "pix_fmt": "yuv420p10le"}),
        ("libsvtav1", {}),
        ("libvpx-vp9", {}),
        ("mpeg2video", {"bit_rate": 2_000_000}),
    ],
)
def test_what_phones_and_browsers_write_is_decoded(
    tmp_path: Path, codec: str, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVT_LOG", "0")
    frames = list(VideoCamera(videos.encode(tmp_path / "a.mkv", codec, frames=3, **settings)))
    assert [is_picture(frame.image, frame.index) for frame in frames] == [True] * 3


def test_a_relative_name_may_hold_a_colon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(videos.write(tmp_path / "a.mp4"), tmp_path / "12:30:45.mp4")
    monkeypatch.chdir(tmp_path)
    assert len(list(VideoCamera(Path("12:30:45.mp4")))) == 40


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such video file; correct camera.path"),
        (b"", "cannot be read as a video; copy it again"),
        (b"no video", "cannot be read as a video; copy it again"),
        (b"#EXTM3U\n#EXTINF:4,\nhttp://127.0.0.1:1/a.ts\n", "cannot be read as a video; copy it again"),
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


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))
    with pytest.raises(CameraError, match="holds no video, only sound or text"):
        VideoCamera(path)


@pytest.mark.parametrize(
    ("name", "stated", "instead", "said"),
    [
        ("a.mov", b"hev1", b"vvc1", r"no frame of its video \(vvc\) can be decoded; copy it again, or convert it"),
        ("a.mkv", b"V_MPEGH/ISO/HEVC", b"V_MPEGX/ISO/HEVC", "its video is of a kind that is not known here; copy it"),
    ],
)
def test_a_video_that_cannot_be_decoded_is_refused_with_its_kind(
    tmp_path: Path, name: str, stated: bytes, instead: bytes, said: str
) -> None:
    path = videos.encode(tmp_path / name, "libx265", frames=12, options=X265)
    path.write_bytes(path.read_bytes().replace(stated, instead))
    with pytest.raises(CameraError, match=said):
        VideoCamera(path)


def test_a_video_too_large_for_the_memory_of_a_pi_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = videos.encode(tmp_path / "a.mp4", frames=2)
    monkeypatch.setattr(video_file, "MAX_PIXELS", 64 * 48 - 1)
    with pytest.raises(CameraError, match="64x48 pixels; expected at most 0 million in all, make it smaller"):
        VideoCamera(path)


def test_text_of_another_encoding_does_not_matter(tmp_path: Path) -> None:
    path = videos.encode(tmp_path / "a.mkv", frames=2)
    path.write_bytes(path.read_bytes().replace(b"Lavf", b"L\xff\xfef"))
    assert len(list(VideoCamera(path))) == 2


def test_a_folder_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="no such video file"):
        VideoCamera(tmp_path)


def test_a_file_cut_off_before_its_table_is_refused(tmp_path: Path) -> None:
    path = videos.write(tmp_path / "a.mp4")
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(CameraError, match="cannot be read as a video"):
        VideoCamera(path)


@pytest.mark.parametrize("sound", [0, 40])
@pytest.mark.parametrize("name", ["a.avi", "a.mkv", "a.mp4"])
def test_a_file_cut_off_in_the_middle_gives_what_there_is_and_then_says_so(
    tmp_path: Path, name: str, sound: int
) -> None:
    path = videos.encode(tmp_path / name, "mjpeg", sound=sound)
    assert len(list(VideoCamera(path))) == 40
    os.truncate(path, path.stat().st_size * 2 // 3)
    frames = []
    camera = VideoCamera(path)
    with pytest.raises(CameraError, match=r"ends or cannot be decoded after [12]\.\d of 4\.0 seconds; copy it again"):
        for frame in camera:
            frames.append(frame)
    assert 10 < len(frames) < 30


def test_a_damaged_middle_is_left_out(tmp_path: Path) -> None:
    path = videos.encode(tmp_path / "a.avi", "mjpeg")
    data = bytearray(path.read_bytes())
    starts = [at for at in range(len(data)) if data.startswith(b"\xff\xd8\xff", at)]
    for start, following in pairwise(starts[10:20]):
        data[start : following - 8] = bytes(following - 8 - start)  # 8: the chunk's name and length stay
    path.write_bytes(data)
    frames = list(VideoCamera(path))
    assert len(frames) == 31 and frames[-1].t == pytest.approx(3.9) and is_picture(frames[-1].image, 39)


def test_a_closed_camera_gives_no_more_and_may_be_closed_again(tmp_path: Path) -> None:
    camera = VideoCamera(videos.write(tmp_path / "a.mp4"))
    frames = iter(camera)
    next(frames)
    camera.close()
    camera.close()
    assert list(frames) == []
