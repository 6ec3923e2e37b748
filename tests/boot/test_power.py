"""The plug is pulled while photos arrive and objects are recognised: nothing that was told or synced is lost.

An emulated machine with its own kernel and disk boots the real service; QEMU is killed, and with it all that the guest
had not written. Limit: what the guest has handed to its disk survives, as on a card that keeps its promises.
"""

import json
import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge.bank.store import Bank
from edge.events.format import as_json
from edge.events.ledger import Ledger
from tests.boot import trees
from tests.boot.conftest import Installed
from tests.boot.emulated import CONSOLE, Emulated
from tests.boot.enrollment import photo

pytestmark = [pytest.mark.boot, pytest.mark.skipif(not shutil.which("qemu-system-x86_64"), reason="needs QEMU")]
CUTS = int(os.environ.get("CUTS", "20"))
SEED = int(os.environ.get("SEED", "1"))
STATE = "/var/lib/bottlebank"
POOL = f"/home/{trees.USER}/pool"
BOOT = 240
"""Seconds for a boot, under emulation."""

CONFIG = """
camera: {kind: simulated, width: 320, height: 240, fps: 5}
model: {path: /opt/tiny/tiny.tflite}  # an emulated processor takes seconds for the real one
"""
TELL = f"""
[Service]
ExecStart=
ExecStart=/opt/bottlebank/bin/bottlebank run --json
StandardOutput=tty
TTYPath={CONSOLE}
DeviceAllow={CONSOLE} rw
WatchdogSec=60
"""
COPY = f"""
[Unit]
After=bottlebank.service
[Service]
User={trees.USER}
SupplementaryGroups=tty dialout
ExecStart=/usr/local/bin/copy
[Install]
WantedBy=multi-user.target
"""
SCRIPT = f"""#!/bin/bash
exec >{CONSOLE}
cd {POOL}
there=$(ls {STATE}/enroll | wc -l)
until [ "$(bottlebank list --json | wc -l)" -ge "$there" ]; do sleep 0.2; done
echo IN STEP with $there photos
for name in *; do
  [ -e {STATE}/enroll/$name ] && continue
  cp $name {STATE}/enroll/ && sync {STATE}/enroll/$name {STATE}/enroll && echo SYNCED $name
done
"""


def prepare(tree: Path) -> None:
    """Let the service print to the console, and a pool of photos be copied in, one by one, each synced."""
    root = trees.ROOT
    shutil.copytree(root / "tests/fixtures", tree / "opt/tiny")
    (tree / "etc/bottlebank/bottlebank.yaml").write_text(CONFIG)
    units = tree / "etc/systemd/system"
    (units / "bottlebank.service.d").mkdir()
    (units / "bottlebank.service.d/console.conf").write_text(TELL)
    (units / "copy.service").write_text(COPY)
    (units / "multi-user.target.wants/copy.service").symlink_to("../copy.service")
    for noisy in ("serial-getty@ttyS0.service", "getty@tty1.service", "apt-daily.timer", "apt-daily-upgrade.timer"):
        (units / noisy).symlink_to("/dev/null")
    (tree / "usr/local/bin/copy").write_text(SCRIPT)
    (tree / "usr/local/bin/copy").chmod(0o755)
    for number in range(600):
        photo(Path(f"{tree}{POOL}/product{number // 4}_{number % 4}.png"), noise=9)


def sound(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def test_the_plug_is_pulled(installed: Installed, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    tree = installed("bookworm", "installer", tmp_path / "tree")
    prepare(tree)
    machine = Emulated(tmp_path, tree)
    shutil.rmtree(tree)
    printed: list[str] = []
    synced: set[str] = set()
    for cut in range(CUTS + 1):
        before, in_step = set(synced), cut == CUTS or chance.random() < 0.8
        with machine:
            machine.wait_for("IN STEP" if in_step else "{", BOOT)  # else from the first event: the bank is being made
            machine.pause(chance.uniform(0, 15))
        printed += [line for line in machine.said if line.startswith("{") and line.endswith("}")]
        synced |= {line.split()[1] for line in machine.said if line.startswith("SYNCED") and line.endswith("png")}

        state = machine.look(STATE, tmp_path / "copy")
        assert sound(state / "bank.db") and sound(state / "ledger.db")
        with closing(Ledger(state / "ledger.db")) as ledger, Bank(state / "bank.db") as bank:
            assert ledger.set_aside is None and bank.set_aside is None
            recorded = [as_json(event) for _, event in ledger.events()]
            enrolled = {entry.photo for entry in bank.entries() if entry.state == "enrolled"}
        assert not in_step or before <= enrolled, f"synced, not enrolled: {before - enrolled}"
        keys = [(event["placement"], event["event"]) for event in map(json.loads, recorded)]
        assert len(keys) == len(set(keys)), "an event is recorded twice"
        assert len(printed) == len(set(printed)), "an event was printed twice"
        assert set(printed) <= set(recorded), "printed, not recorded"
        print(
            f"\ncut {cut + 1}: {len(printed)} events printed, {len(synced)} photos synced, {len(enrolled)} enrolled",
            end="",
        )
    assert printed and synced
