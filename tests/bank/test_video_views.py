"""Videos in the enrollment folder, as frames that the tests draw."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.bank import video_views
from edge.bank.judge import WHOLE_VIDEO
from edge.bank.store import Bank
from edge.bank.sync import STILL, Report, sync
from edge.bank.video_views import VideoReader, views
from edge.bank.views import GAIN
from edge.errors import BadPhoto, CameraError
from edge.images.sharpness import sharpness
from edge.isolation.isolator import Isolator
from edge.types import Frame, Image
from tests.bank.conftest import later
from tests.bank.pictures import Thumbnails, picture
from tests.isolation.scenes import bottle, hand, table

FPS = 6
EMPTY = table()
SIZE = 64


def noisy(pictures: Iterable[Image]) -> Iterator[Image]:
    rng = np.random.default_rng(0)
    for image in pictures:
        yield np.clip(image + rng.normal(0, 2, image.shape), 0, 255).astype(np.uint8)


def filmed(pictures: Iterable[Image], fps: float = FPS) -> VideoReader:
    """A reader whose every video has these frames."""

    def frames(path: Path, asked: float) -> AbstractContextManager[Iterable[Frame]]:
        return nullcontext(Frame(image, at, at / fps) for at, image in enumerate(pictures))

    return VideoReader(frames, Isolator)


def turned() -> list[Image]:
    """A bottle is put on an empty table and turned by a hand that comes and goes."""
    arrives = [hand(bottle(EMPTY, 140), 150, 90)] * FPS
    turns = [bottle(EMPTY, 140, turn=step) for step in range(20)]
    held = [hand(image, 150, 90) if at % 5 == 0 else image for at, image in enumerate(turns)]
    return list(noisy([EMPTY] * FPS + arrives + held))


def test_a_fixed_camera_shows_the_object_cut_out_and_no_hand() -> None:
    found = views(Path("turn.mp4"), filmed(turned()), SIZE)
    assert found and found.isolated and (found.width, found.height) == (320, 240)
    assert 8 <= len(found.crops) <= 20
    for crop in found.crops:
        assert crop.shape == (SIZE, SIZE, 3)
        columns = np.flatnonzero(crop.max((0, 2)) > 40)
        assert 15 <= np.ptp(columns) <= 30  # as wide as the bottle: an arm would reach farther


def test_a_phone_in_the_hand_gives_whole_frames() -> None:
    rng = np.random.default_rng(1)
    shaken = [
        np.roll(bottle(EMPTY, 100, turn=at, width=120, height=150), rng.integers(-30, 30, 2), (0, 1))
        for at in range(30)
    ]
    found = views(Path("turn.mov"), filmed(noisy(shaken)), SIZE)
    assert found and not found.isolated and len(found.crops) >= 10


def test_the_bottle_in_view_from_the_start_gives_whole_frames() -> None:
    found = views(Path("turn.mp4"), filmed(noisy(bottle(EMPTY, 140, turn=at) for at in range(30))), SIZE)
    assert found and not found.isolated


def test_blurred_frames_are_left_out() -> None:

    sharp = [picture(seed, 320, 240) for seed in range(6)]
    blurred = [np.asarray(cv2.GaussianBlur(image, (0, 0), 20), np.uint8) for image in sharp]
    found = views(Path("a.mp4"), filmed([frame for pair in zip(sharp, blurred, strict=True) for frame in pair]), SIZE)
    assert found and min(map(sharpness, found.crops)) > 2 * sharpness(blurred[0])
    assert len(found.crops) == 6


def test_too_long_and_cut_off_and_empty_are_refused() -> None:
    with pytest.raises(BadPhoto, match="longer than 60 seconds"):
        views(Path("a.mp4"), filmed([picture(1)] * 70, 1), SIZE)
    with pytest.raises(BadPhoto, match="no two sharp frames"):
        views(Path("a.mp4"), filmed([np.zeros((48, 64, 3), np.uint8)] * 30), SIZE)

    def broken(path: Path, fps: float) -> AbstractContextManager[Iterable[Frame]]:
        raise CameraError(f"{path}: ends or cannot be decoded after 1.0 of 9.0 seconds; copy it again")

    with pytest.raises(BadPhoto, match=r"^ends or cannot be decoded after 1\.0 of 9\.0 seconds"):
        views(Path("a.mp4"), VideoReader(broken, Isolator), SIZE)


def test_the_differing_views_of_a_video_are_enrolled(folder: Path, bank: Bank, embedder: Thumbnails) -> None:
    (folder / "cola").mkdir()
    (folder / "cola" / "turn.mp4").write_bytes(b"a video")
    reader = filmed([picture(at // 2, 320, 240) for at in range(40)])
    assert sync(folder, bank, embedder, video=reader, now=later).added == ("cola/turn.mp4",)
    (entry,) = bank.entries()
    assert entry.views == len(bank.gallery("thumbnails").vectors) == 16 and entry.note == WHOLE_VIDEO
    vectors = bank.gallery("thumbnails").vectors
    assert (1 - vectors @ vectors.T)[~np.eye(len(vectors), dtype=bool)].min() >= GAIN
    assert sync(folder, bank, embedder, video=reader, now=later) == Report()
    (folder / "cola").rename(folder / "coke")
    assert sync(folder, bank, embedder, video=reader, now=later).renamed == (("cola/turn.mp4", "coke/turn.mp4"),)
    (folder / "coke" / "turn.mp4").unlink()
    assert sync(folder, bank, embedder, video=reader, now=later).removed == ("coke/turn.mp4",)
    assert not len(bank.gallery("thumbnails").vectors)


def test_a_video_that_shows_one_view_is_refused(folder: Path, bank: Bank, embedder: Thumbnails) -> None:
    (folder / "cola1.mp4").write_bytes(b"a video")
    still = filmed([picture(1)] * 12)
    for _ in range(2):
        sync(folder, bank, embedder, video=still)  # too young for its stamp to be trusted
        assert bank.entries()[0].reason == STILL and not bank.embedded("thumbnails")


def test_a_video_gives_way_to_news(folder: Path, bank: Bank, embedder: Thumbnails) -> None:
    (folder / "cola1.mp4").write_bytes(b"a video")
    report = sync(folder, bank, embedder, video=filmed(turned()), stop=lambda: True, now=later)
    assert report.waiting == 1 and not bank.entries()


def test_a_large_video_is_refused_by_its_size(folder: Path, bank: Bank, embedder: Thumbnails) -> None:
    with (folder / "cola1.mp4").open("wb") as file:
        file.truncate(300 * 2**20)
    assert sync(folder, bank, embedder).refused == {"cola1.mp4": "300 MiB; expected at most 256, make it smaller"}


def test_frames_of_too_many_pixels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_views, "MAX_PIXELS", 1000)
    with pytest.raises(BadPhoto, match="48x64 pixels"):
        views(Path("a.mp4"), filmed([picture(1)] * 12), SIZE)
