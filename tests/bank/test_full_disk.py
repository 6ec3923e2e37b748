"""A disk that is really full, or read-only: a small one in memory, mounted for the test."""

import queue
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.bank.store import Bank, BankReader
from edge.bank.sync import sync
from edge.bank.sync_thread import SyncThread
from edge.errors import StoreError
from edge.events.ledger import Ledger
from edge.storage.database import unwritable
from edge.types import Box, Event, EventKind, Gallery
from tests.bank.pictures import Thumbnails, write

SOON = 10.0
ROOT = Path(__file__).resolve().parents[2]


def mount(*options: str) -> None:
    done = subprocess.run(["mount", *options], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    if not shutil.which("mount"):
        pytest.skip("no mount command here")
    path = tmp_path / "disk"
    path.mkdir()
    mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(path))
    yield path
    subprocess.run(["umount", "--lazy", str(path)], check=True)


def fill(disk: Path) -> None:
    with (disk / "fill").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    assert unwritable(disk / "any") == "full"


def event(kind: EventKind, placement: str) -> Event:
    return Event(kind, placement, "2025-11-21T22:13:00.000Z", 1.5, 45, Box(1, 2, 3, 4))


def crash(code: str) -> None:
    """Run code in a process that ends without closing anything."""
    subprocess.run([sys.executable, "-c", code + "\nimport os; os._exit(0)"], cwd=ROOT, check=True)


LEFT_OPEN = """
from pathlib import Path
from edge.events.ledger import Ledger
from tests.bank.test_full_disk import event
ledger = Ledger(Path({path!r}))
ledger.record(event("placed", "a"))
"""


@pytest.mark.parametrize("clean", [True, False])
def test_a_ledger_starts_on_a_full_disk_and_recovers(disk: Path, clean: bool) -> None:
    path = disk / "ledger.db"
    crash(LEFT_OPEN.format(path=str(path)))
    if clean:
        Ledger(path).close()
    path.with_name("ledger.db-shm").unlink(missing_ok=True)
    fill(disk)
    ledger = Ledger(path)
    assert [one.placement for one in ledger.open_placements()] == ["a"]
    with pytest.raises(StoreError):
        ledger.record(event("removed", "a"))
    with pytest.raises(StoreError):
        ledger.record(event("placed", "b"))
    assert ledger.missing == 2
    (disk / "fill").unlink()
    ledger.record(event("removed", "b"))
    assert [one.event for _, one in ledger.events()] == ["placed", "removed", "placed", "removed"]
    assert ledger.missing == 0 and ledger.gaps()[0].late == 2
    ledger.close()


def test_a_full_disk_without_a_ledger_is_survived_too(disk: Path) -> None:
    fill(disk)
    ledger = Ledger(disk / "state" / "ledger.db")
    assert ledger.open_placements() == []
    with pytest.raises(StoreError):
        ledger.record(event("placed", "a"))
    (disk / "fill").unlink()
    ledger.record(event("removed", "a"))
    assert len(list(ledger.events())) == 2
    ledger.close()


def test_what_is_enrolled_is_known_though_the_disk_is_full(disk: Path, tmp_path: Path) -> None:
    folder, path = tmp_path / "enroll", disk / "bank.db"
    write(folder / "cola1.png", 1)
    with Bank(path) as bank:
        sync(folder, bank, Thumbnails())
    fill(disk)
    with pytest.raises(StoreError):
        Bank(path)
    galleries: queue.Queue[Gallery] = queue.Queue()
    keeper = SyncThread(folder, path, Thumbnails(), galleries.put)
    keeper.start()
    assert keeper.ready.wait(SOON)
    assert galleries.get(timeout=SOON).products == ("cola",)
    write(folder / "fanta1.png", 2)
    (disk / "fill").unlink()
    while galleries.get(timeout=SOON).products != ("cola", "fanta"):
        pass
    keeper.close()


def test_a_read_only_disk_is_read(disk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "enroll"
    write(folder / "cola1.png", 1)
    with Bank(disk / "bank.db") as bank:
        sync(folder, bank, Thumbnails())
    ledger = Ledger(disk / "ledger.db")
    ledger.record(event("placed", "a"))
    ledger.close()
    mount("-o", "remount,ro", str(disk))
    assert unwritable(disk / "any") == "read-only"
    with BankReader(disk / "bank.db") as reader:
        assert reader.gallery("thumbnails").products == ("cola",)
    ledger = Ledger(disk / "ledger.db")
    assert [one.placement for one in ledger.open_placements()] == ["a"]
    with pytest.raises(StoreError):
        ledger.record(event("removed", "a"))
    ledger.close()
