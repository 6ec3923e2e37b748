"""Killed with SIGKILL at random moments of enrolling and identifying, it starts again with a sound bank and ledger."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from edge.bank.store import Bank
from edge.cameras.simulated import ENROLLED, photos
from edge.events.format import as_json
from edge.events.ledger import Ledger
from tests.bank.pictures import encoded
from tests.tiny import TINY, colours

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("KILLS", "100"))
SEED = int(os.environ.get("SEED", "1"))
PHOTOS = [encoded(colours(seed, noise=seed % 5), ".png") for seed in range(40)]
PHOTOS += [encoded(photo, ".png") for product in ENROLLED for photo in photos(product, 4)]


class Daemon:
    """The process, its printed lines, and the moment it is ready."""

    def __init__(self, folder: Path, state: Path, scene: int = 0) -> None:
        config = folder.with_name("bottlebank.yaml")
        camera = f"{{kind: simulated, width: 320, height: 240, fps: 5, seed: {scene}}}"
        config.write_text(f"camera: {camera}\nmodel: {{path: {TINY}}}\n")
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("kill_driver.py"), config, folder, state],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            text=True,
        )
        self.ready = threading.Event()
        self.lines: list[str] = []
        self.log: list[str] = []
        self._readers = [threading.Thread(target=work) for work in (self._read_events, self._read_log)]
        for reader in self._readers:
            reader.start()

    def kill(self) -> None:
        """SIGKILL, then read what was printed before."""
        self.process.kill()
        assert self.process.wait() == -signal.SIGKILL, "".join(self.log)
        for reader, pipe in zip(self._readers, (self.process.stdout, self.process.stderr), strict=True):
            reader.join()
            assert pipe
            pipe.close()

    def _read_events(self) -> None:
        assert self.process.stdout
        self.lines += [line.rstrip("\n") for line in self.process.stdout if line.endswith("\n")]

    def _read_log(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.log.append(line)
            if line.startswith("ready"):
                self.ready.set()


def disturb(folder: Path, chance: random.Random) -> None:
    """Copy a photo in, whole or cut, or delete, rename or replace one."""
    present = sorted(folder.rglob("*.png"))
    path = folder / f"product{chance.randrange(12)}" / f"{chance.randrange(8)}.png"
    path.parent.mkdir(exist_ok=True)
    data = chance.choice(PHOTOS)
    what = chance.random()
    if what < 0.6 or not present:
        path.write_bytes(data)
    elif what < 0.7:
        path.write_bytes(data[: chance.randrange(len(data))])
    elif what < 0.85:
        chance.choice(present).rename(path)
    else:
        chance.choice(present).unlink()


def sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def check(state: Path, copy: Path, printed: list[str]) -> None:
    """Look at copies, so that the next start has the same to recover as after any crash."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(state, copy)
    with Bank(copy / "bank.db") as bank:
        assert bank.set_aside is None
    with closing(Ledger(copy / "ledger.db")) as ledger:
        assert ledger.set_aside is None
        recorded = [as_json(event) for _, event in ledger.events()]
    assert sound(copy / "bank.db") and sound(copy / "ledger.db")
    assert len(printed) == len(set(printed)), "an event was printed twice"
    keys = [(plain["placement"], plain["event"]) for plain in map(json.loads, recorded)]
    assert len(keys) == len(set(keys)), "an event is recorded twice"
    missing = set(printed) - set(recorded)
    assert not missing, f"printed, not recorded: {missing}"


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    folder, state = tmp_path / "enroll", tmp_path / "state"
    folder.mkdir()
    printed: list[str] = []
    early = busy = 0
    for scene in range(KILLS):
        daemon = Daemon(folder, state, scene)
        if chance.random() < 0.3:  # while it starts
            end = time.monotonic() + chance.uniform(0.0, 0.4)
        else:
            assert daemon.ready.wait(60), "".join(daemon.log)
            end = time.monotonic() + chance.uniform(0.0, 3.0)
        while time.monotonic() < end:
            disturb(folder, chance)
            time.sleep(chance.uniform(0.0, 0.02))
        early += not daemon.ready.is_set()
        daemon.kill()
        busy += any("enrolled" in line or "replaced" in line for line in daemon.log)
        printed += daemon.lines
        if state.exists():
            check(state, tmp_path / "copy", printed)
    kinds = Counter(json.loads(line)["event"] for line in printed)
    print(f"{KILLS} kills, {early} before ready, {busy} after enrolling; printed {len(printed)} events, {dict(kinds)}")
    assert early and busy and kinds["placed"] and kinds["identified"] + kinds["unknown"] and kinds["removed"]

    daemon = Daemon(folder, state)
    deadline = time.monotonic() + 60
    while (fault := differs(folder, state)) and time.monotonic() < deadline:
        time.sleep(0.2)
    daemon.kill()
    assert not fault
    check(state, tmp_path / "copy", printed + daemon.lines)


def differs(folder: Path, state: Path) -> str | None:
    """How the bank differs from the folder; None if it does not. Broken and shared photos are refused, the rest in."""
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.png"))}
    owners: dict[bytes, set[str]] = {}
    for name, data in contents.items():
        owners.setdefault(data, set()).add(name.partition("/")[0])
    good = {name for name, data in contents.items() if data in PHOTOS and len(owners[data]) == 1}
    with Bank(state / "bank.db") as bank:
        entries = {entry.photo: entry.state == "enrolled" for entry in bank.entries()}
    wanted = {name: name in good for name in contents}
    return None if entries == wanted else f"bank {entries}, folder {wanted}"
