"""The daemon, built of real parts, with a camera that acts between two frames."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.assembly import daemon
from edge.assembly.enrollment import sync_bank
from edge.assembly.parts import embedder
from edge.bank.store import Bank
from edge.bank.sync import Report
from edge.config import Config, EnrollConfig, MatchConfig, ModelConfig, StateConfig
from edge.daemon.clock import MediaClock
from edge.daemon.signals import handled
from edge.daemon.systemd import Notifier
from edge.errors import BadConfig, CameraError, StoreError
from edge.images.writer import write_picture
from edge.types import Event, Frame, Image
from tests.commands.media import EMPTY, RED, X, enroll_bottle, visit
from tests.isolation.scenes import FPS, bottle
from tests.tiny import TINY

KINDS = ["placed", "identified", "removed"]
Step = Image | Callable[[], object]


class ScriptedCamera:
    """A camera that shows pictures, and calls what stands between them."""

    live, size = True, (320, 240)

    def __init__(self, *steps: Step) -> None:
        self._steps = steps

    def __iter__(self) -> Iterator[Frame]:
        index = 0
        for step in self._steps:
            if callable(step):
                step()
            else:
                yield Frame(step, index, index / FPS)
                index += 1

    def close(self) -> None:
        pass


class Service:
    """A daemon in a scratch folder: its configuration, what it sends to its manager, and its events."""

    def __init__(self, path: Path, manager: socket.socket) -> None:
        self.config = Config(
            model=ModelConfig(TINY), enroll=EnrollConfig(path / "enroll"), state=StateConfig(path / "state")
        )
        self.events: list[Event] = []
        self.reloaded: Config | BadConfig = self.config
        self._manager = manager

    def read_config(self) -> Config:
        if isinstance(self.reloaded, BadConfig):
            raise self.reloaded
        return self.reloaded

    def run(self, *steps: Step) -> list[str]:
        """Run the daemon until the script ends; return the kinds of its events."""
        self.events.clear()
        camera, clock = ScriptedCamera(*steps), MediaClock()
        notifier = Notifier({"NOTIFY_SOCKET": str(self._manager.getsockname())})
        parts = (self.config, camera, clock, notifier, self.events.append, self.read_config)
        with daemon.build(*parts) as built, handled(built.stop, built.reload):
            built.run(camera, clock)
        return [event.event for event in self.events]

    def sync(self) -> Report:
        """Enroll what is in the folder."""
        with Bank(self.config.state.bank) as bank:
            return sync_bank(self.config, bank, embedder(self.config), lambda done, total: None)

    def sent(self) -> list[str]:
        """What was sent to the service manager since the last call."""
        messages = []
        try:
            while True:
                messages.append(self._manager.recv(4096).decode())
        except BlockingIOError:
            return messages


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service with one enrolled cola."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(0)
        made = Service(tmp_path, manager)
        enroll_bottle(made.config.enroll.folder / "cola" / "1.png", RED)
        made.sync()
        yield made


def raised(error: Exception) -> Callable[[], object]:
    def step() -> None:
        raise error

    return step


def sends(number: signal.Signals) -> Callable[[], object]:
    return lambda: os.kill(os.getpid(), number)


def test_ready_comes_after_the_first_frame_and_stopping_first_on_the_way_out(service: Service) -> None:
    pictures = visit(bottle(EMPTY, X, RED))
    assert service.run(*pictures, sends(signal.SIGTERM), EMPTY, raised(AssertionError())) == KINDS
    messages = service.sent()
    assert messages[:2] == ["STATUS=1 photo of 1 product enrolled", "READY=1"]
    assert messages.count("READY=1") == 1 and "STATUS=removed cola" in messages and messages[-1] == "STOPPING=1"
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_what_stood_there_when_it_ended_is_closed_and_placed_again(service: Service) -> None:
    standing = visit(bottle(EMPTY, X, RED))[: 5 * FPS]
    assert service.run(*standing) == ["placed", "identified"]
    assert service.run(*standing[3 * FPS :]) == ["removed", "placed", "identified"]
    assert len({event.placement for event in service.events}) == 2


def test_the_start_says_what_is_watched_and_that_the_empty_scene_is_learned_once(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    learned = "the empty scene is learned now: what stands there at the start is taken as part of it"
    service.run(EMPTY)
    assert "watching picamera2 0, 320x240 pixels; the bank holds 1 photo of 1 product" in caplog.messages
    assert learned in caplog.messages
    caplog.clear()
    service.run(EMPTY)
    assert learned not in caplog.messages


def test_ctrl_c_ends_it_in_good_order(service: Service) -> None:
    assert service.run(EMPTY, sends(signal.SIGINT), EMPTY, raised(AssertionError())) == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_ctrl_c_is_ignored_it_stays_so(service: Service) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    seen = []
    service.run(
        *(EMPTY, sends(signal.SIGINT), EMPTY, lambda: seen.append(signal.getsignal(signal.SIGINT))),
        *(sends(signal.SIGTERM), EMPTY, raised(AssertionError())),
    )
    assert [*seen, signal.getsignal(signal.SIGINT)] == [signal.SIG_IGN] * 2


def test_a_camera_that_fails_ends_it_with_the_reason(service: Service) -> None:
    with pytest.raises(CameraError, match="camera 0: gone"):
        service.run(EMPTY, raised(CameraError("camera 0: gone")))
    assert service.sent()[-1] == "STOPPING=1"


def test_a_state_folder_that_cannot_be_used_is_an_error(service: Service, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    service.config = Config(model=service.config.model, state=StateConfig(tmp_path / "file"))
    with pytest.raises(StoreError):
        service.run(EMPTY)


def test_thresholds_change_while_it_runs_and_faults_change_nothing(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    def reload(answer: Config | BadConfig) -> Callable[[], object]:
        def step() -> None:
            service.reloaded = answer
            os.kill(os.getpid(), signal.SIGHUP)

        return step

    caplog.set_level("INFO")
    strict = replace(service.config, match=MatchConfig(threshold=1.0, votes=3))
    pictures = visit(bottle(EMPTY, X, RED))
    service.run(
        *pictures[:5], reload(strict), *pictures[5:15], reload(BadConfig("b.yaml:3: match: no")), *pictures[15:]
    )
    assert [event.match and event.match.threshold for event in service.events] == [None, 1.0, 1.0]
    assert "match.threshold changed from its default to 1.0, in effect now" in caplog.text
    assert "match.votes changed from 5 to 3, takes effect after: sudo systemctl restart bottlebank" in caplog.text
    assert "waiting for a restart: match.votes\n" in caplog.text
    assert "b.yaml:3: match: no; the previous configuration stays in force" in caplog.text
    assert sum("RELOADING=1" in message for message in service.sent()) == 2


def test_a_frame_of_this_camera_is_enrolled_by_the_object_in_it(service: Service) -> None:
    service.run(*visit())
    photo = service.config.enroll.folder / "cola" / "1.png"
    write_picture(photo, bottle(EMPTY, 200, RED))
    assert service.sync().replaced == ("cola/1.png",)
    service.run(*visit(bottle(EMPTY, X, RED), bottle(EMPTY, 60, RED), stands=3.0))
    assert [event.match and event.match.product for event in service.events] == [None, "cola", "cola"] * 2
