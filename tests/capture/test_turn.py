"""A bottle is turned before a camera by a hand that comes and goes; drawn, on the tiny model."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.capture.turn import LONGEST, Progress, Turn, camera_turn, service_turn, turn_photos
from edge.daemon import service_lock
from edge.daemon.live_view import LiveView
from edge.daemon.snapshot import SnapshotServer
from edge.errors import BadPhoto, StoreError
from edge.images.reader import decode
from edge.images.writer import encode
from edge.isolation.isolator import Isolator
from edge.types import Frame, Image, Vectors
from tests.bank.pictures import picture
from tests.commands.media import EMPTY
from tests.isolation.scenes import FPS, bottle, hand


def embed(crops: Sequence[Image]) -> Vectors:
    """Unit vectors of the crops, shrunk to 4x4 pixels, less grey: colours tell sides apart."""
    small = [cv2.resize(crop, (4, 4), interpolation=cv2.INTER_AREA).ravel() - np.float32(120) for crop in crops]
    return np.stack([each / np.linalg.norm(each) for each in small]).astype(np.float32)


def side(step: int) -> Image:
    """A side of a bottle that has twelve."""
    part = step % 12
    return bottle(EMPTY, 140, colour=(20 * part, 250 - 20 * part, 120), turn=part)


class Turning:
    """A camera: an empty scene, then a bottle of twelve sides, which a hand turns once in twelve seconds."""

    size = 320, 240

    def __init__(self, live: bool = False, seconds: int = 40) -> None:
        self.live, self._seconds = live, seconds

    def __iter__(self) -> Iterator[Frame]:
        rng = np.random.default_rng(0)
        for index in range(self._seconds * FPS):
            step = (index - 2 * FPS) // FPS
            scene = EMPTY if index < FPS else hand(side(0), 150, 90) if step < 0 else side(step)
            if index % FPS < 3 and step >= 0:
                scene = hand(scene, 150, 90)
            noisy = np.clip(scene + rng.normal(0, 2, scene.shape), 0, 255).astype(np.uint8)
            yield Frame(noisy, index, index / FPS)

    def close(self) -> None:
        pass


def test_the_differing_sides_are_taken_without_the_hand() -> None:
    told: list[Progress] = []
    photos = turn_photos(camera_turn(Turning(), Isolator()), embed, told.append)
    assert 8 <= len(photos) <= 16
    for photo in photos:
        height, width = decode(photo).shape[:2]
        assert 85 <= height <= 115 and 25 <= width <= 50
    vectors = embed([decode(photo) for photo in photos])
    sides = embed([side(step)[75:175, 135:175] for step in range(12)])
    assert (sides @ vectors.T).max(1).min() > 0.98  # every side is like one that was taken


def test_it_ends_once_what_is_seen_is_known() -> None:
    told: list[Progress] = []
    turn_photos(camera_turn(Turning(), Isolator()), embed, told.append)
    assert told[-1].complete and 11 <= told[-1].t <= 20 and not any(progress.complete for progress in told[:-1])
    assert [round(progress.t) for progress in told][:5] == [0, 1, 2, 3, 4]
    assert told[3].known < 0.8 and told[-1].known >= 0.8


def test_it_ends_in_any_case() -> None:
    looks = ((t / 5, encode(picture(t), ".jpg")) for t in range(1000))
    told: list[Progress] = []
    assert len(turn_photos(looks, embed, told.append)) == 16
    assert told[-1].t == pytest.approx(LONGEST)


def test_blurred_looks_and_those_of_another_size_are_left_out() -> None:
    turn = Turn(embed)
    for t in range(5):
        turn.add(encode(picture(t), ".png"), t)
    turn.add(encode(np.full((64, 48, 3), 90, np.uint8), ".png"), 5.0)
    turn.add(encode(picture(6, 150, 64), ".png"), 6.0)
    assert len(turn.photos()) == 5 and turn.progress().t == 5.0


def test_a_hand_all_the_time_or_nothing_is_refused() -> None:
    with pytest.raises(BadPhoto, match="no object was seen alone"):
        turn_photos(((float(t), None) for t in range(100)), embed, lambda progress: None)


def test_before_a_live_camera_the_empty_scene_must_be_known() -> None:
    with pytest.raises(BadPhoto, match="the empty scene is not known yet"):
        next(camera_turn(Turning(live=True), Isolator()))
    isolator = Isolator()
    isolator.step(Frame(EMPTY, 0, 0.0))
    pictures = [
        photo for _, photo in camera_turn(Turning(live=True, seconds=5), isolator, newest=lambda frames: frames)
    ]
    assert any(pictures) and None in pictures


def test_a_running_service_hands_out_what_turns(tmp_path: Path) -> None:
    ended = threading.Event()
    with service_lock.lock(tmp_path), closing(SnapshotServer(tmp_path)) as service:

        def frames() -> None:
            while not ended.wait(0.005):
                service(LiveView(1, None), lambda: picture(1))

        thread = threading.Thread(target=frames)
        thread.start()
        times = iter(range(100))
        looks = service_turn(tmp_path, clock=lambda: float(next(times)), every=0.0)
        first, second = next(looks), next(looks)
        ended.set()
        thread.join()
    assert (first[0], second[0]) == (0.0, 1.0) and first[1] and second[1]
    with pytest.raises(StoreError, match="the service has stopped"):
        next(looks)
