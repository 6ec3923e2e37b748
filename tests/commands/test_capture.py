"""The command capture; see tests/capture for the photos themselves."""

import threading

import pytest

from edge import exit_codes
from edge.daemon import service_lock
from edge.daemon.live_view import LiveView
from edge.daemon.snapshot import SnapshotServer
from edge.images.reader import read_photo
from edge.storage.lock import FileLock
from tests.commands.media import EMPTY, GREEN, RED, Scratch, X, folder, scratch, visit
from tests.isolation.scenes import FPS, bottle

__all__ = ["scratch"]
COLA = bottle(EMPTY, X, RED)


def test_photos_are_taken_of_what_a_folder_shows_and_are_enrolled(scratch: Scratch) -> None:
    scratch.photo("lemon/1.png", GREEN)
    images = folder(scratch.path / "images", visit(COLA))
    scratch.configure(f"{{kind: folder, path: {images}}}")
    code, lines, _ = scratch.run("capture", "cola", "--every", "0.5")
    taken = sorted(path.name for path in (scratch.enroll / "cola").iterdir())
    assert code == exit_codes.OK and taken == ["1.jpg", "2.jpg", "3.jpg", "4.jpg"]
    assert lines[-1] == f"{scratch.enroll}/cola/4.jpg  4 of 4"
    (line, *_) = [line for line in scratch.run("replay", str(images))[1] if "identified" in line]
    assert " cola 0.99" in line or " cola 1.0" in line


def test_where_nothing_stands_the_reason_is_one_line(scratch: Scratch) -> None:
    scratch.configure(f"{{kind: folder, path: {folder(scratch.path / 'images', visit())}}}")
    code, lines, said = scratch.run("capture", "cola")
    assert (code, lines, len(said.splitlines())) == (exit_codes.SOME_FAILED, [], 1)
    assert said.endswith("; 0 photos of 4 taken\n") and not (scratch.enroll / "cola").exists()


def test_a_running_service_is_asked_instead_of_the_camera(scratch: Scratch) -> None:
    scratch.state.mkdir()
    scratch.configure("{kind: v4l2, device: /dev/video97}")
    lock, service, ended = FileLock(scratch.state / service_lock.FILE), SnapshotServer(scratch.state), threading.Event()

    def frames() -> None:
        while not ended.wait(0.005):
            service(LiveView(1, COLA[75:175, 135:175]))

    thread = threading.Thread(target=frames)
    thread.start()
    try:
        assert scratch.run("capture", "cola", "--photos", "2", "--every", "0")[0] == exit_codes.OK
        assert read_photo(scratch.enroll / "cola" / "2.jpg").shape == (100, 40, 3)
    finally:
        ended.set()
        thread.join()
        service.close()
        lock.close()


@pytest.mark.parametrize("words", [["."], ["a/b"], [""], ["cola", "--photos", "0"], ["cola", "--every", "-1"]])
def test_a_senseless_product_or_number_is_refused(scratch: Scratch, words: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        scratch.run("capture", *words)
    assert end.value.code == exit_codes.USAGE


def test_a_folder_that_is_missing_is_one_line(scratch: Scratch) -> None:
    code, _, said = scratch.run("capture", "cola", "--enroll", str(scratch.path / "nowhere"))
    assert code == exit_codes.IO and said.endswith("nowhere: not found; create it, or mount what it lies on\n")


def test_a_product_that_is_turned_gives_its_differing_views(scratch: Scratch) -> None:
    colours = [(250 - 20 * step, 20 * step, 60) for step in range(11)]
    turn = [bottle(EMPTY, X, colour) for colour in colours for _ in range(FPS)]
    images = folder(scratch.path / "images", [EMPTY] * FPS + turn)
    scratch.configure(f"{{kind: folder, path: {images}}}")
    code, lines, _ = scratch.run("capture", "cola", "--turn")
    taken = [line for line in lines if line.startswith(f"{scratch.enroll}/cola/")]
    assert code == exit_codes.OK and len(taken) == len(list((scratch.enroll / "cola").iterdir())) > 1
    assert lines[0].startswith("turn it slowly") and " of what is seen is known; keep turning" in lines[1]


def test_a_turn_and_a_number_of_photos_exclude_each_other(scratch: Scratch) -> None:
    with pytest.raises(SystemExit) as end:
        scratch.run("capture", "cola", "--turn", "--photos", "2")
    assert end.value.code == exit_codes.USAGE
