import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.daemon import service_lock
from edge.daemon.live_view import LiveView
from edge.daemon.service_lock import lock
from edge.daemon.snapshot import ANSWER, QUESTION, TURN, SnapshotServer, request_snapshot
from edge.errors import StoreError
from tests.tiny import colours

PICTURE = cv2.GaussianBlur(colours(1), (0, 0), 3)
ONE, SEVERAL = LiveView(1, PICTURE), LiveView(3, None)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[list[LiveView]]:
    """A service that shows what is in the list, frame after frame."""
    shown, ended = [ONE], threading.Event()
    with lock(tmp_path), closing(SnapshotServer(tmp_path)) as server:

        def frames() -> None:
            while not ended.wait(0.005):
                server(shown[0])

        thread = threading.Thread(target=frames)
        thread.start()
        yield shown
        ended.set()
        thread.join()


def test_who_asks_gets_the_picture_of_the_only_object(service: list[LiveView], tmp_path: Path) -> None:
    for _ in range(2):
        handed = request_snapshot(tmp_path)
        assert handed and handed.objects == 1 and handed.photo
        picture = cv2.imdecode(np.frombuffer(handed.photo, np.uint8), cv2.IMREAD_COLOR_RGB)
        assert np.abs(picture.astype(int) - PICTURE).mean() < 5
    service[0] = SEVERAL
    assert request_snapshot(tmp_path) == (3, None)


def test_who_asks_gets_what_does_not_rest_or_an_earlier_placement(tmp_path: Path) -> None:
    with lock(tmp_path), closing(SnapshotServer(tmp_path)) as service:
        ended = threading.Event()

        def frames() -> None:
            while not ended.wait(0.005):
                service(SEVERAL, lambda: PICTURE, {"0123-ab": b"a JPEG"}.get)

        thread = threading.Thread(target=frames)
        thread.start()
        turning, resting = request_snapshot(tmp_path, TURN), request_snapshot(tmp_path)
        earlier, gone = request_snapshot(tmp_path, "0123-ab"), request_snapshot(tmp_path, "0124-ab")
        ended.set()
        thread.join()
    assert turning and turning.photo and resting == (3, None)
    assert earlier == (3, b"a JPEG") and gone == (3, None)


def test_nothing_is_written_while_nobody_asks(tmp_path: Path) -> None:
    with closing(SnapshotServer(tmp_path)) as server:
        server(ONE)
        server(ONE)
    assert [file.name for file in tmp_path.iterdir()] == [QUESTION]
    assert (tmp_path / QUESTION).stat().st_mode & 0o777 == 0o660


def test_without_a_service_nobody_answers(tmp_path: Path) -> None:
    assert request_snapshot(tmp_path) is None and request_snapshot(tmp_path / "nowhere") is None
    SnapshotServer(tmp_path).close()
    (tmp_path / ANSWER).write_bytes(json.dumps({"objects": 1}).encode() + b"\nold")
    assert request_snapshot(tmp_path) is None


def test_who_asks_at_its_start_or_holds_the_file_is_not_in_its_way(service: list[LiveView], tmp_path: Path) -> None:
    with open(tmp_path / QUESTION) as question, open(tmp_path / service_lock.FILE) as held:
        for file in (question, held):
            fcntl.flock(file, fcntl.LOCK_SH)
        with closing(SnapshotServer(tmp_path)):
            assert request_snapshot(tmp_path)


def test_a_service_that_stands_still_is_reported(tmp_path: Path) -> None:
    refused = pytest.raises(StoreError, match="the service processes no frames")
    with lock(tmp_path), closing(SnapshotServer(tmp_path)), refused:
        request_snapshot(tmp_path, seconds_to_answer=0.05)


def test_what_cannot_be_written_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with closing(SnapshotServer(tmp_path / "nowhere")) as server:
        server(ONE)
    assert "`bottlebank capture` cannot ask" in caplog.text
    with closing(SnapshotServer(tmp_path)) as first:
        assert len(caplog.records) == 1
        (tmp_path / ANSWER).mkdir()
        os.utime(tmp_path / QUESTION, (1, 1))
        first(ONE)
        first(ONE)
    assert len(caplog.records) == 2 and "no picture is handed out" in caplog.text
