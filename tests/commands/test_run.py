import json
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge import assembly, exit_codes
from edge.cameras import factory
from edge.daemon import clock, saved_background
from edge.errors import CameraError
from edge.events.format import as_json
from edge.events.ledger import Ledger
from edge.images.writer import write_picture
from edge.types import Frame, Image
from tests.commands.media import EMPTY, RED, Scratch, X, folder, scratch, visit
from tests.isolation.scenes import FPS, bottle

__all__ = ["scratch"]
KINDS = ["placed", "identified", "removed"]


class Live:
    """A live camera that shows the pictures, each once it was asked for, then does what comes at the end."""

    live, size = True, (320, 240)

    def __init__(self, pictures: list[Image], end: object = None) -> None:
        self.pictures, self.end, self.closed = pictures, end, False
        self.turn = threading.Semaphore(1)

    def __iter__(self) -> Iterator[Frame]:
        for index, picture in enumerate(self.pictures):
            assert self.turn.acquire(timeout=10)
            yield Frame(picture, index, index / FPS)
        assert self.turn.acquire(timeout=10)
        if isinstance(self.end, Exception):
            raise self.end
        if callable(self.end):
            self.end()
            while not self.closed:
                yield Frame(self.pictures[-1], len(self.pictures), len(self.pictures) / FPS)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> Live:
    """A live camera instead of the configured one; it takes the next picture when a frame is processed."""
    from edge.daemon import lifecycle

    live = Live(visit(bottle(EMPTY, X, RED)))
    monkeypatch.setattr(factory, "open_camera", lambda config: live)
    done = lifecycle.Lifecycle.__call__

    def processed(self: lifecycle.Lifecycle) -> None:
        done(self)
        live.turn.release()

    monkeypatch.setattr(lifecycle.Lifecycle, "__call__", processed)
    return live


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Media are not paced."""
    monkeypatch.setattr(clock, "paced", lambda frames: (frame for frame in frames))


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The ear of a service manager."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0bottlebank-test-{os.getpid()}")
        listening.settimeout(0)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@bottlebank-test-{os.getpid()}")
        yield listening


def heard(manager: socket.socket) -> list[str]:
    messages = []
    try:
        while True:
            messages.append(manager.recv(4096).decode())
    except BlockingIOError:
        return messages


def enroll(scratch: Scratch) -> None:
    scratch.photo("cola/1.png", RED)
    assert scratch.run("enroll")[0] == exit_codes.OK


def test_media_run_to_their_end_and_leave_the_scene_behind(scratch: Scratch, unhurried: None) -> None:
    enroll(scratch)
    images = folder(scratch.path / "images", visit(bottle(EMPTY, X, RED)))
    scratch.configure(f"{{kind: folder, path: {images}}}")
    code, lines, _ = scratch.run("run", "--json")
    events = [json.loads(line) for line in lines]
    assert code == exit_codes.OK and [event["event"] for event in events] == KINDS
    assert {event["product"] for event in events} == {None, "cola"} and events[0]["at"] > "2025"
    assert len({event["placement"] for event in events}) == 1
    with closing(Ledger(scratch.state / "ledger.db")) as ledger:
        assert [as_json(event) for _, event in ledger.events()] == lines
    assert saved_background.load_background(scratch.state)


def test_a_card_that_keeps_nothing_is_said_at_the_start(
    scratch: Scratch, unhurried: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(assembly, "volatile", lambda folder: "overlay")
    scratch.configure(f"{{kind: folder, path: {folder(scratch.path / 'images', [EMPTY])}}}")
    assert scratch.run("run")[0] == exit_codes.OK
    assert caplog.text.count("what lies on overlay may be gone after the next boot; try: sudo ") == 1


def test_ready_comes_after_the_first_frame_and_stopping_first_on_the_way_out(
    scratch: Scratch, camera: Live, manager: socket.socket
) -> None:
    enroll(scratch)
    camera.end = lambda: os.kill(os.getpid(), signal.SIGTERM)
    code, lines, _ = scratch.run("run")
    assert code == exit_codes.OK and [line.split()[1] for line in lines] == KINDS and camera.closed
    messages = heard(manager)
    assert messages[:2] == ["STATUS=1 photo of 1 product enrolled", "READY=1"]
    assert messages.count("READY=1") == 1 and "STATUS=removed cola" in messages and messages[-1] == "STOPPING=1"
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_what_stood_there_when_it_ended_is_closed_and_placed_anew(scratch: Scratch, unhurried: None) -> None:
    standing = visit(bottle(EMPTY, X, RED))[: 5 * FPS]
    scratch.configure(f"{{kind: folder, path: {folder(scratch.path / 'first', standing)}}}")
    assert [line.split()[1] for line in scratch.run("run")[1]] == ["placed", "unknown"]
    scratch.configure(f"{{kind: folder, path: {folder(scratch.path / 'then', standing[3 * FPS :])}}}")
    lines = scratch.run("run")[1]
    assert [line.split()[1] for line in lines] == ["removed", "placed", "unknown"]
    assert len({line.split()[2] for line in lines}) == 2


def test_ctrl_c_ends_it_in_good_order(scratch: Scratch, camera: Live) -> None:
    camera.pictures = camera.pictures[:10]
    camera.end = lambda: os.kill(os.getpid(), signal.SIGINT)
    assert scratch.run("run")[:2] == (exit_codes.OK, [])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_ctrl_c_is_ignored_it_stays_so(scratch: Scratch, camera: Live) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    camera.pictures = camera.pictures[:10]

    def interrupted_then_terminated() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        os.kill(os.getpid(), signal.SIGTERM)

    camera.end = interrupted_then_terminated
    assert scratch.run("run")[:2] == (exit_codes.OK, [])
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_a_camera_that_fails_ends_it_with_the_reason(
    scratch: Scratch, camera: Live, manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera.end = CameraError("camera 0: gone")
    code, lines, said = scratch.run("run")
    assert code == exit_codes.UNAVAILABLE and said.splitlines()[-1] == "bottlebank: camera 0: gone"
    assert heard(manager)[-1] == "STOPPING=1" and camera.closed

    def missing(config: object) -> None:
        raise CameraError("camera 0: missing")

    monkeypatch.setattr(factory, "open_camera", missing)
    code, lines, said = scratch.run("run")
    assert (code, lines, heard(manager)) == (exit_codes.UNAVAILABLE, [], [])
    assert said == "bottlebank: camera 0: missing\n"


def test_thresholds_change_while_it_runs_and_faults_do_not(
    scratch: Scratch, camera: Live, manager: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    enroll(scratch)
    pictures = camera.pictures

    def reread(text: str) -> None:
        scratch.configure("", text)
        os.kill(os.getpid(), signal.SIGHUP)

    class Pictures(list[Image]):
        def __iter__(self) -> Iterator[Image]:
            yield from pictures[:5]
            reread("match: {threshold: 1.0, votes: 3}")
            yield from pictures[5:15]
            reread("match: {threshold: none}")
            yield from pictures[15:]

    camera.pictures = Pictures()
    code, lines, _ = scratch.run("run", "--json")
    assert code == exit_codes.OK and [json.loads(line)["threshold"] for line in lines] == [None, 1.0, 1.0]
    assert "only thresholds change while it runs" in caplog.text
    assert "b.yaml:3: match.threshold: expected a number" in caplog.text and "stays in force" in caplog.text
    assert sum("RELOADING=1" in message for message in heard(manager)) == 2


def test_under_systemd_events_and_log_go_to_its_journal(
    scratch: Scratch, camera: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from edge.console import event_printer
    from edge.events import journald

    class Journal(journald.Journald):
        said: list[str] = []

        def _write(self, message: str, priority: int, fields: object = None) -> None:
            self.said.append(message)

    monkeypatch.setattr(event_printer, "connected", lambda: True)
    monkeypatch.setattr(event_printer, "Journald", Journal)
    scratch.photo("cola/1.png", RED)
    before = logging.getLogger().handlers[:]
    assert scratch.run("run") == (exit_codes.OK, [], "")
    assert "enrolled cola/1.png" in Journal.said and "placed at" in " ".join(Journal.said)
    assert logging.getLogger().handlers == before and logging.getLogger().level == logging.WARNING
    Journal.said.clear()
    camera.turn, camera.closed = threading.Semaphore(1), False
    assert len(scratch.run("run", "--json")[1]) == 3 and not [line for line in Journal.said if "placed" in line]


def test_a_state_folder_that_cannot_be_used_is_one_line(scratch: Scratch, camera: Live) -> None:
    scratch.state.write_text("no folder")
    code, lines, said = scratch.run("run")
    assert (code, lines, len(said.splitlines())) == (exit_codes.IO, [], 1)


def test_a_frame_of_this_camera_is_enrolled_by_the_object_in_it(scratch: Scratch, unhurried: None) -> None:

    images = folder(scratch.path / "images", visit(bottle(EMPTY, X, RED), bottle(EMPTY, 60, RED), stands=3.0))
    scratch.configure(f"{{kind: folder, path: {images}}}")
    scratch.run("run")
    (scratch.enroll / "cola").mkdir()
    write_picture(scratch.enroll / "cola" / "1.png", bottle(EMPTY, 200, RED))
    assert scratch.run("enroll")[0] == exit_codes.OK
    products = [json.loads(line)["product"] for line in scratch.run("run", "--json")[1]]
    assert products == [None, "cola", "cola"] * 2
