import logging
import os
import queue
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from edge.bank import sync_thread as module
from edge.bank import watcher
from edge.bank.store import Bank
from edge.bank.sync import Report
from edge.bank.sync_thread import SyncThread, tell
from edge.types import Gallery, Image, Vectors
from tests.bank.pictures import Thumbnails, encoded, picture, write

SOON = 10.0  # a deadline, never waited for


class Kept:
    """A keeper at work, and the galleries it hands over."""

    def __init__(self, root: Path) -> None:
        self.folder, self.path = root / "enroll", root / "state" / "bank.db"
        self.folder.mkdir(exist_ok=True)
        self.galleries: queue.Queue[Gallery] = queue.Queue()
        self.embedder = Thumbnails()
        self.keeper = SyncThread(self.folder, self.path, self.embedder, self.galleries.put)

    def until(self, *photos: str) -> Gallery:
        """Wait for the gallery of just these photos."""
        deadline = time.monotonic() + SOON
        while True:
            gallery = self.galleries.get(timeout=max(0.0, deadline - time.monotonic()))
            if gallery.photos == photos:
                return gallery


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.setattr(watcher, "QUIET", 0.03)
    monkeypatch.setattr(watcher, "POLL", 0.05)
    kept = Kept(tmp_path)
    kept.keeper.start()
    assert kept.keeper.ready.wait(SOON)
    yield kept
    kept.keeper.close()


def test_what_is_copied_renamed_and_deleted_takes_effect(kept: Kept) -> None:
    kept.until()
    write(kept.folder / "cola" / "1.jpg", 1)
    kept.until("cola/1.jpg")
    write(kept.folder / "fanta" / "1.jpg", 2)
    kept.until("cola/1.jpg", "fanta/1.jpg")
    (kept.folder / "cola").rename(kept.folder / "coke")
    assert kept.until("coke/1.jpg", "fanta/1.jpg").products == ("coke", "fanta")
    shutil.rmtree(kept.folder / "fanta")
    kept.until("coke/1.jpg")
    assert kept.embedder.count == 2


def test_a_cut_copy_is_refused_then_picked_up(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    data = encoded(picture(1))
    (kept.folder / "cola1.jpg").write_bytes(data[:-200])
    write(kept.folder / "fanta1.jpg", 2)
    kept.until("fanta1.jpg")
    (kept.folder / "cola1.jpg").write_bytes(data)
    kept.until("cola1.jpg", "fanta1.jpg")
    kept.keeper.close()
    assert caplog.text.count("refused cola1.jpg: the file is cut off") == 1
    assert caplog.text.count("enrolled cola1.jpg") == 1


def test_a_lost_folder_does_not_stop_it(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    write(kept.folder / "cola1.jpg", 1)
    kept.until("cola1.jpg")
    kept.folder.rename(kept.folder.with_name("away"))
    deadline = time.monotonic() + SOON
    while not kept.keeper.faults and time.monotonic() < deadline:
        kept.keeper.join(0.01)
    assert "not found; create it" in caplog.text and kept.keeper.is_alive()
    kept.folder.with_name("away").rename(kept.folder)
    write(kept.folder / "fanta1.jpg", 2)
    kept.until("cola1.jpg", "fanta1.jpg")


def test_what_another_process_enrolled_is_handed_over(kept: Kept) -> None:
    write(kept.folder / "cola1.jpg", 1)
    kept.until("cola1.jpg")
    with Bank(kept.path) as bank:
        bank.update([], ["cola1.jpg"])
    kept.keeper.nudge()
    kept.until("cola1.jpg")  # put right by the keeper, from the folder


def test_a_restart_hands_over_what_is_enrolled_at_once_and_embeds_nothing(kept: Kept, tmp_path: Path) -> None:
    write(kept.folder / "cola1.jpg", 1)
    kept.until("cola1.jpg")
    kept.keeper.close()
    again = Kept(tmp_path)
    again.keeper.start()
    assert again.galleries.get(timeout=SOON).photos == ("cola1.jpg",)
    again.keeper.close()
    assert again.embedder.count == 0


def test_a_long_enrollment_is_handed_over_in_parts_and_broken_off_for_news(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "QUIET", 0.0)
    monkeypatch.setattr(module.Throttle, "run", lambda self, work: work())
    kept = Kept(tmp_path)
    for seed in range(64):
        os.utime(write(kept.folder / "cola" / f"{seed:02}.png", seed), (1, 1))
    embed = kept.embedder.embed

    def embed_and_copy(crops: Sequence[Image]) -> Vectors:
        if kept.embedder.count == 16:
            write(kept.folder / "fanta1.png", 99)
        return embed(crops)

    monkeypatch.setattr(kept.embedder, "embed", embed_and_copy)
    kept.keeper.start()
    sizes: dict[int, bool] = {}
    while 65 not in sizes:
        gallery = kept.galleries.get(timeout=SOON)
        sizes[len(gallery.photos)] = "fanta1.png" in gallery.photos
    kept.keeper.close()
    assert kept.embedder.count == 65
    assert min(size for size, new in sizes.items() if new) <= 32  # it did not wait for the sixty-four


def test_reports_are_told_by_name_or_by_number() -> None:
    few = Report(added=("a.jpg",), renamed=(("b.jpg", "c.jpg"),), removed=("d.jpg",), refused={"e.jpg": "empty"})
    assert [line for _, line in tell(few)] == [
        "enrolled a.jpg",
        "renamed b.jpg to c.jpg",
        "removed d.jpg",
        "refused e.jpg: empty",
    ]
    many = Report(added=tuple(f"{i}.jpg" for i in range(module.NAMES + 1)))
    assert list(tell(many)) == [(logging.INFO, f"enrolled {module.NAMES + 1} photos")]


def test_advice_is_logged_for_what_was_copied(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    write(kept.folder / "cola1.jpg", 1)
    kept.until("cola1.jpg")
    write(kept.folder / "fanta1.jpg", 2)
    kept.until("cola1.jpg", "fanta1.jpg")
    kept.keeper.close()
    assert caplog.text.count("cola: one photo; add three more") == 1
    assert caplog.text.count("fanta: one photo; add three more") == 1
