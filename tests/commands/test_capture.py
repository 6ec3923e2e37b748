import os
import threading
from collections.abc import Iterator

import pytest

from edge import assembly, exit_codes
from edge.cameras import factory
from edge.commands import capture
from edge.config import CameraConfig, StateConfig
from edge.daemon import snapshot
from edge.daemon.live_view import LiveView
from edge.daemon.snapshot import SnapshotServer
from edge.images.reader import read_photo
from edge.isolation.isolator import Isolator
from edge.types import Frame, Image
from tests.commands.media import EMPTY, GREEN, RED, Scratch, X, folder, scratch, visit
from tests.isolation.scenes import FPS, bottle

__all__ = ["scratch"]
COLA = bottle(EMPTY, X, RED)


class Live:
    """A live camera before which something stands."""

    live, size = True, (320, 240)

    def __init__(self, picture: Image) -> None:
        self.pictures = visit(picture, empty=0.0)

    def __iter__(self) -> Iterator[Frame]:
        for index in range(200):
            yield Frame(self.pictures[index % len(self.pictures)], index, index / FPS)

    def close(self) -> None:
        pass


def sees(monkeypatch: pytest.MonkeyPatch, picture: Image) -> None:
    def camera(config: CameraConfig) -> Live:
        return Live(picture)

    monkeypatch.setattr(factory, "open_camera", camera)
    monkeypatch.setattr("edge.cameras.latest.latest", lambda frames: frames)


def learned(scratch: Scratch) -> None:
    """Keep the empty scene, as the service does."""
    isolator = Isolator()
    isolator.step(Frame(EMPTY, 0, 0.0))
    scratch.state.mkdir()
    assembly.keep(StateConfig(scratch.state), (320, 240), isolator)


def photos(scratch: Scratch, product: str = "cola") -> list[str]:
    return sorted(path.name for path in (scratch.enroll / product).iterdir())


def test_photos_are_taken_of_what_a_video_puts_there_and_are_enrolled(scratch: Scratch) -> None:
    scratch.photo("lemon/1.png", GREEN)
    images = folder(scratch.path / "images", visit(COLA))
    scratch.configure(f"{{kind: folder, path: {images}}}")
    code, lines, _ = scratch.run("capture", "cola", "--every", "0.5")
    assert code == exit_codes.OK and photos(scratch) == ["1.jpg", "2.jpg", "3.jpg", "4.jpg"]
    assert lines[-1] == f"{scratch.enroll}/cola/4.jpg  4 of 4"
    picture = read_photo(scratch.enroll / "cola" / "1.jpg")
    assert 90 <= picture.shape[0] <= 115 and 30 <= picture.shape[1] <= 55
    (line, *_) = [line for line in scratch.run("replay", str(images))[1] if "identified" in line]
    assert " cola 0.99" in line or " cola 1.0" in line


def test_numbers_go_on_after_those_that_are_there(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cola/2.png", "cola/10.JPEG", "cola/front.jpg"):
        scratch.photo(name, RED) if name.endswith("png") else (scratch.enroll / name).write_bytes(b"")
    learned(scratch)
    sees(monkeypatch, COLA)
    assert scratch.run("capture", "cola", "--photos", "2", "--every", "0")[0] == exit_codes.OK
    assert photos(scratch) == ["10.JPEG", "11.jpg", "12.jpg", "2.png", "front.jpg"]


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (EMPTY, "nothing new stands before the camera"),
        (bottle(bottle(EMPTY, 60, GREEN), 200, RED), "2 objects stand before the camera; leave only the product there"),
    ],
)
def test_none_and_several_are_refused(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch, picture: Image, said: str
) -> None:
    learned(scratch)
    sees(monkeypatch, picture)
    code, lines, told = scratch.run("capture", "cola")
    assert (code, lines, len(told.splitlines())) == (exit_codes.SOME_FAILED, [], 1)
    assert said in told and told.endswith("; 0 photos of 4 taken\n") and not (scratch.enroll / "cola").exists()


def test_whole_frames_are_taken_while_the_empty_scene_is_unknown_and_cut_later(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sees(monkeypatch, COLA)
    assert scratch.run("capture", "cola", "--photos", "1")[0] == exit_codes.OK
    assert "cut once the service has seen it" in caplog.text
    assert read_photo(scratch.enroll / "cola" / "1.jpg").shape == (240, 320, 3)
    learned(scratch)
    assert scratch.run("enroll")[1][-1].endswith("1 photo of 1 product enrolled, 0 refused")


def test_a_running_service_is_asked_instead_of_the_camera(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch.state.mkdir()
    service, ended, view = SnapshotServer(scratch.state), threading.Event(), [LiveView(1, COLA[75:175, 135:175])]

    def frames() -> None:
        while not ended.wait(0.005):
            service(view[0])

    thread = threading.Thread(target=frames)
    thread.start()
    try:
        monkeypatch.setattr(factory, "open_camera", None)
        assert scratch.run("capture", "cola", "--photos", "2", "--every", "0")[0] == exit_codes.OK
        assert photos(scratch) == ["1.jpg", "2.jpg"]
        view[0] = LiveView(0, None)
        monkeypatch.setattr(capture, "PATIENCE", 0.01)
        code, _, said = scratch.run("capture", "cola")
        assert code == exit_codes.SOME_FAILED and "nothing new stands" in said
    finally:
        ended.set()
        thread.join()
    monkeypatch.setattr(snapshot, "PATIENCE", 0.05)
    code, _, said = scratch.run("capture", "cola")
    assert code == exit_codes.IO and "the service gives no picture" in said
    service.close()


@pytest.mark.parametrize("words", [["."], ["a/b"], [""], ["cola", "--photos", "0"], ["cola", "--every", "-1"]])
def test_a_senseless_product_or_number_is_refused(scratch: Scratch, words: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        scratch.run("capture", *words)
    assert end.value.code == exit_codes.USAGE


def test_a_folder_that_is_missing_or_not_writable_is_one_line(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, said = scratch.run("capture", "cola", "--enroll", str(scratch.path / "nowhere"))
    assert code == exit_codes.IO and said.endswith("nowhere: not found; create it, or mount what it lies on\n")
    learned(scratch)
    sees(monkeypatch, COLA)
    (scratch.enroll / "cola").mkdir()

    def refuse(path: object, content: bytes) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(capture, "write_atomic", refuse)
    code, _, said = scratch.run("capture", "cola")
    assert code == exit_codes.IO and said == (
        f"bottlebank: {scratch.enroll}/cola: Permission denied; be the folder's owner, or give --enroll another\n"
    )
