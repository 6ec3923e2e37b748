"""What the bank outlives: a folder that is gone, damage, another version, a full disk, another process."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from edge.bank.store import Bank, EmbeddedPhoto
from edge.bank.sync import sync
from edge.errors import StoreError
from tests.bank.conftest import Step
from tests.bank.pictures import Thumbnails, write


def test_the_folder_gone_forgets_nothing(folder: Path, bank: Bank, step: Step) -> None:
    write(folder / "cola1.png", 1)
    step()
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(StoreError, match="enrollment folder .* not found"):
        step()
    assert bank.gallery("thumbnails").products == ("cola",)


def test_a_damaged_bank_is_set_aside_and_rebuilt(folder: Path, tmp_path: Path, embedder: Thumbnails) -> None:
    for seed in range(40):
        write(folder / f"p{seed}-1.png", seed)
    path = tmp_path / "bank.db"
    with Bank(path) as bank:
        sync(folder, bank, embedder)
    data = bytearray(path.read_bytes())
    data[4096 * 2 : 4096 * 6] = b"\x55" * (4096 * 4)
    path.write_bytes(data)
    with Bank(path) as bank:
        assert bank.set_aside == tmp_path / "bank.db.damaged-1" and bank.set_aside.read_bytes() == data
        assert not bank.entries()
        sync(folder, bank, embedder)
        assert len(bank.gallery("thumbnails").products) == 40


def test_a_bank_of_another_version_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    Bank(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version=99")
    other.close()
    with Bank(path) as bank:
        assert bank.set_aside and bank.model is None


def test_a_full_disk_is_said_and_made_up_for_later(folder: Path, bank: Bank, step: Step) -> None:
    write(folder / "cola1.png", 1)
    step()
    for seed in range(40):
        write(folder / f"p{seed}-1.png", seed + 100)
    (pages,) = bank._db.execute("PRAGMA page_count").fetchone()
    bank._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="full"):
        step()
    assert 1 <= len(bank.gallery("thumbnails").products) < 41
    bank._db.execute("PRAGMA max_page_count=100000")
    step()
    assert len(bank.gallery("thumbnails").products) == 41


def test_another_process_is_noticed(bank: Bank) -> None:
    before = bank.revision
    with Bank(bank.path) as other:
        other.update([], (), "m", {EmbeddedPhoto(b"1", 1, 1, False): np.zeros(3, np.float32)})
    assert bank.revision != before
