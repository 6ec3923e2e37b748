"""What the bank outlives: a folder that is gone, damage, another version, a full disk, another process."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from edge.bank.store import Bank
from edge.bank.sync import Report, sync
from edge.bank.tables import BANK, EmbeddedPhoto
from edge.errors import NewerDatabase, StoreError
from edge.storage.schema import Schema, migrate
from tests.bank.conftest import Step, later
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


def test_a_bank_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    Bank(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version=99")
    with pytest.raises(NewerDatabase, match="of version 99"):
        Bank(path)
    assert [each.name for each in tmp_path.iterdir()] == ["bank.db"]


def connection(bank: Bank) -> sqlite3.Connection:
    """The bank's own connection."""
    found: list[sqlite3.Connection] = []
    bank.database.read(found.append)
    return found[0]


def test_a_full_disk_is_said_and_made_up_for_later(folder: Path, bank: Bank, step: Step) -> None:
    write(folder / "cola1.png", 1)
    step()
    for seed in range(40):
        write(folder / f"p{seed}-1.png", seed + 100)
    (pages,) = connection(bank).execute("PRAGMA page_count").fetchone()
    connection(bank).execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="full"):
        step()
    assert 1 <= len(bank.gallery("thumbnails").products) < 41
    connection(bank).execute("PRAGMA max_page_count=100000")
    step()
    assert len(bank.gallery("thumbnails").products) == 41


def test_another_process_is_noticed(bank: Bank) -> None:
    before = bank.revision
    with Bank(bank.path) as other:
        other.update([], (), "m", {EmbeddedPhoto(b"1", 1, 1, False): np.zeros(3, np.float32)})
    assert bank.revision != before


def test_another_process_that_enrolls_meanwhile_is_no_fault(folder: Path, bank: Bank, step: Step) -> None:
    write(folder / "cola1.png", 1)
    write(folder / "fanta1.png", 2)
    step()
    statements: list[str] = []
    with Bank(bank.path) as other:

        def meanwhile(statement: str) -> None:
            statements.append(statement)
            if statement.startswith("SELECT") and "ORDER BY name" in statement:
                other.update([], ["cola1.png"])

        connection(bank).set_trace_callback(meanwhile)
        assert list(bank.contents()) == ["cola1.png", "fanta1.png"]
        connection(bank).set_trace_callback(None)
    assert len(statements) > 3 and list(bank.contents()) == ["fanta1.png"]


def test_a_bank_of_the_first_version_keeps_its_vectors(tmp_path: Path, folder: Path, embedder: Thumbnails) -> None:
    write(folder / "cola1.png", 1)
    path = tmp_path / "bank.db"
    with Bank(path) as bank:
        sync(folder, bank, embedder, now=later)
        (row,), (key,) = bank.rows().values(), bank.embedded("thumbnails").values()
        vector = bank.gallery("thumbnails").vectors.tobytes()
    path.unlink()
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        migrate(old, path, Schema(BANK.steps[:1]), 0)
        old.execute("INSERT INTO photos VALUES (?, ?, ?, ?, ?)", row[:5])
        old.execute("INSERT INTO vectors VALUES (?, 'thumbnails', ?, ?, ?, ?)", (*key[:4], vector))
        old.execute("INSERT INTO stamp VALUES ('thumbnails')")
    with Bank(path) as bank:
        assert bank.set_aside is None and bank.gallery("thumbnails").vectors.tobytes() == vector
        assert sync(folder, bank, embedder, now=later) == Report() and bank.entries()[0].views == 1
    assert embedder.count == 1
