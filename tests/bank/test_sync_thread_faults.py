"""The sync thread where its file cannot be used, or turns out damaged: recognition goes on, and so does enrollment."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.bank import sync_thread as module
from edge.bank import watcher
from edge.bank.store import Bank
from edge.bank.sync import sync
from tests.bank.conftest import later
from tests.bank.pictures import Thumbnails, write
from tests.bank.test_sync_thread import SOON, Kept


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """Not started yet; one photo is in its folder, and in its bank."""
    monkeypatch.setattr(watcher, "QUIET", 0.03)
    monkeypatch.setattr(watcher, "POLL", 0.05)
    monkeypatch.setattr(module, "FIRST_RETRY", 0.05)
    monkeypatch.setattr(module, "LONGEST_RETRY", 0.05)
    kept = Kept(tmp_path)
    write(kept.folder / "cola1.png", 1)
    with Bank(kept.path) as bank:
        sync(kept.folder, bank, Thumbnails(), now=later)
    yield kept
    kept.keeper.close()


def start(kept: Kept) -> None:
    kept.keeper.start()
    assert kept.keeper.ready.wait(SOON)


def test_a_newer_programs_bank_is_left_alone_and_one_in_memory_used_until_it_is_gone(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(kept.path)) as connection:
        connection.execute("PRAGMA user_version=99")
    before = kept.path.read_bytes()
    start(kept)
    kept.until("cola1.png")
    write(kept.folder / "fanta1.png", 2)
    kept.until("cola1.png", "fanta1.png")
    assert kept.path.read_bytes() == before and os.listdir(kept.path.parent) == ["bank.db"]
    assert kept.embedder.count == 2
    kept.path.unlink()
    write(kept.folder / "mate1.png", 3)
    kept.until("cola1.png", "fanta1.png", "mate1.png")
    while not kept.path.exists():
        kept.keeper.nudge()
    kept.keeper.close()
    assert caplog.text.count("of version 99") == 1
    assert "recognition goes on" in caplog.text


def test_a_bank_that_cannot_be_opened_is_reported_once_and_the_folder_enrolled_in_memory(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    kept.path.unlink()
    kept.path.mkdir()
    start(kept)
    kept.until("cola1.png")
    write(kept.folder / "fanta1.png", 2)
    kept.until("cola1.png", "fanta1.png")
    kept.keeper.close()
    assert caplog.text.count(f"{kept.path}: ") == 1 and kept.embedder.count == 2


def test_neither_bank_nor_folder_can_be_used_and_it_is_ready_all_the_same(kept: Kept) -> None:
    kept.path.unlink()
    kept.path.mkdir()
    kept.folder.rename(kept.folder.with_name("away"))
    start(kept)
    kept.until()
    kept.folder.with_name("away").rename(kept.folder)
    kept.until("cola1.png")


def test_while_a_damaged_bank_is_rebuilt_the_gallery_of_before_stays(kept: Kept) -> None:
    for seed in range(2, 30):
        write(kept.folder / f"cola{seed}.png", seed)
    start(kept)
    photos = sorted(path.name for path in kept.folder.iterdir())
    kept.until(*photos)
    with closing(sqlite3.connect(kept.path, isolation_level=None)) as other:
        other.execute("UPDATE vectors SET vectors = zeroblob(192)")
    kept.keeper.nudge()
    kept.until(*photos)  # the next one after the damage
    kept.keeper.close()
    assert kept.galleries.empty() and kept.path.with_name("bank.db.damaged-1").exists()
    with Bank(kept.path) as bank:
        assert len(bank.gallery("thumbnails").photos) == 29


def test_vectors_that_the_model_gives_wrong_are_the_models_fault(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    embed = kept.embedder.embed
    kept.embedder.embed = lambda crops: 0 * embed(crops)  # type: ignore[method-assign]
    start(kept)
    kept.until("cola1.png")
    write(kept.folder / "fanta1.png", 2)
    while not kept.keeper.faults:
        kept.keeper.nudge()
    kept.keeper.close()
    assert "model thumbnails: gives a vector of length 0; export it again" in caplog.text
    assert not list(kept.path.parent.glob("*.damaged-*"))
