import json
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.daemon import snapshot as module
from edge.daemon.live_view import View
from edge.daemon.snapshot import ANSWER, QUESTION, Hatch, ask
from edge.errors import StoreError
from tests.tiny import colours

PICTURE = cv2.GaussianBlur(colours(1), (0, 0), 3)
ONE, SEVERAL = View(1, PICTURE), View(3, None)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[list[View]]:
    """A service that shows what is in the list, frame after frame."""
    shown, ended = [ONE], threading.Event()
    with closing(Hatch(tmp_path)) as hatch:

        def frames() -> None:
            while not ended.wait(0.005):
                hatch(shown[0])

        thread = threading.Thread(target=frames)
        thread.start()
        yield shown
        ended.set()
        thread.join()


def test_who_asks_gets_the_picture_of_the_only_object(service: list[View], tmp_path: Path) -> None:
    for _ in range(2):
        handed = ask(tmp_path)
        assert handed and handed.objects == 1 and handed.photo
        picture = cv2.imdecode(np.frombuffer(handed.photo, np.uint8), cv2.IMREAD_COLOR_RGB)
        assert np.abs(picture.astype(int) - PICTURE).mean() < 5
    service[0] = SEVERAL
    assert ask(tmp_path) == (3, None)


def test_nothing_is_written_while_nobody_asks(tmp_path: Path) -> None:
    with closing(Hatch(tmp_path)) as hatch:
        hatch(ONE)
        hatch(ONE)
    assert [file.name for file in tmp_path.iterdir()] == [QUESTION]
    assert (tmp_path / QUESTION).stat().st_mode & 0o777 == 0o660


def test_without_a_service_nobody_answers(tmp_path: Path) -> None:
    assert ask(tmp_path) is None and ask(tmp_path / "nowhere") is None
    Hatch(tmp_path).close()
    (tmp_path / ANSWER).write_bytes(json.dumps({"objects": 1}).encode() + b"\nold")
    assert ask(tmp_path) is None


def test_a_service_that_stands_still_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    with closing(Hatch(tmp_path)), pytest.raises(StoreError, match="the service gives no picture"):
        ask(tmp_path)


def test_what_cannot_be_written_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with closing(Hatch(tmp_path / "nowhere")) as hatch:
        hatch(ONE)
    assert "`bottlebank capture` cannot ask" in caplog.text
    with closing(Hatch(tmp_path)) as first, closing(Hatch(tmp_path)):
        assert len(caplog.records) == 2
        (tmp_path / ANSWER).mkdir()
        first._asked = 0
        first(ONE)
        first(ONE)
    assert len(caplog.records) == 3 and "no picture is handed out" in caplog.text
