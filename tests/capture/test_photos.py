import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.capture.photos import camera_photos, service_photos
from edge.daemon import service_lock
from edge.daemon.live_view import LiveView
from edge.daemon.snapshot import SnapshotServer
from edge.errors import BadPhoto, StoreError
from edge.isolation.isolator import Isolator
from edge.storage.lock import FileLock
from edge.types import Frame, Image
from tests.commands.media import EMPTY, GREEN, RED, X, visit
from tests.isolation.scenes import FPS, bottle

COLA = bottle(EMPTY, X, RED)


class Live:
    """A live camera before which something stands, for 20 seconds."""

    live, size = True, (320, 240)

    def __init__(self, picture: Image) -> None:
        self._pictures = visit(picture, empty=0.0)

    def __iter__(self) -> Iterator[Frame]:
        for index in range(200):
            yield Frame(self._pictures[index % len(self._pictures)], index, index / FPS)

    def close(self) -> None:
        pass


def photos(picture: Image, number: int, isolator: Isolator, every: float = 0.0) -> list[Image]:
    """Decode the photos that are taken where this stands before a live camera."""
    taken = islice(camera_photos(Live(picture), isolator, every, newest=lambda frames: frames), number)
    return [cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR) for photo in taken]


@pytest.fixture
def knowing() -> Isolator:
    """An isolator that knows the empty scene."""
    isolator = Isolator()
    isolator.step(Frame(EMPTY, 0, 0.0))
    return isolator


def test_the_object_is_cut_out_of_the_scene_that_is_known(knowing: Isolator) -> None:
    for photo in photos(COLA, 2, knowing):
        assert 90 <= photo.shape[0] <= 115 and 30 <= photo.shape[1] <= 55


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (EMPTY, "nothing new stands before the camera"),
        (bottle(bottle(EMPTY, 60, GREEN), 200, RED), "2 objects stand before the camera; leave only the product there"),
    ],
)
def test_none_and_several_are_refused(knowing: Isolator, picture: Image, said: str) -> None:
    with pytest.raises(BadPhoto, match=said):
        photos(picture, 1, knowing)


def test_whole_frames_are_taken_while_the_empty_scene_is_unknown(caplog: pytest.LogCaptureFixture) -> None:
    (photo,) = photos(COLA, 1, Isolator())
    assert photo.shape == (240, 320, 3) and "cut once the service has seen it" in caplog.text


def test_a_running_service_is_asked(tmp_path: Path) -> None:
    lock, service, ended = FileLock(tmp_path / service_lock.FILE), SnapshotServer(tmp_path), threading.Event()
    view = [LiveView(1, COLA[75:175, 135:175])]

    def frames() -> None:
        while not ended.wait(0.005):
            service(view[0])

    thread = threading.Thread(target=frames)
    thread.start()
    try:
        assert len(list(islice(service_photos(tmp_path, 0.0), 2))) == 2
        view[0] = LiveView(0, None)
        with pytest.raises(BadPhoto, match="nothing new stands"):
            next(service_photos(tmp_path, 0.0, seconds_to_rest=0.01))
    finally:
        ended.set()
        thread.join()
        service.close()
        lock.close()
    with pytest.raises(StoreError, match="the service has stopped"):
        next(service_photos(tmp_path, 0.0))
