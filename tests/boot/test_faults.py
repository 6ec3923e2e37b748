"""What goes wrong on a Pi: it is frozen, killed, misconfigured, its camera is missing. It comes back by itself."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.boot.conftest import Installed
from tests.boot.freeze import dead, frozen
from tests.boot.machine import Machine, until

pytestmark = pytest.mark.boot
CONFIG = "/etc/bottlebank/bottlebank.yaml"


@pytest.fixture(scope="module")
def machine(installed: Installed, release: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with Machine(installed(release, "installer", tmp_path_factory.mktemp("faults") / "tree")) as machine:
        yield machine


@pytest.fixture
def working(machine: Machine) -> Machine:
    machine.run("systemctl start bottlebank", check=False)  # should the test before have failed
    machine.working()
    return machine


def back(machine: Machine, former: str, seconds: float) -> float:
    """Wait until another process than the former works, and return how long that took."""
    start = time.monotonic()
    until(lambda: machine.property("MainPID") not in ("0", former), seconds)
    machine.working(seconds)
    return time.monotonic() - start


def test_a_killed_daemon_is_back(working: Machine) -> None:
    for _ in range(3):
        former = working.property("MainPID")
        working.run("systemctl kill --signal=KILL bottlebank")
        took = back(working, former, 5)
        print(f" killed, back after {took:.1f} s", end="")
        assert took <= 5


def test_a_frozen_pipeline_is_restarted_and_says_where_it_stood(working: Machine) -> None:
    until(lambda: working.journal("EVENT=placed"), 30)
    former, process = working.property("MainPID"), working.process()
    with frozen(process):
        others = len(list(Path(f"/proc/{process}/task").iterdir())) - 1
        start = time.monotonic()
        until(lambda: dead(process), 20)
    print(f" frozen, with {others} threads going on; aborted after {time.monotonic() - start:.1f} s", end="")
    back(working, former, 10)
    assert any("Watchdog timeout" in line for line in working.journal())
    assert any(line.startswith("  File ") and "edge" in line for line in working.journal())


def test_stopped_within_two_seconds_with_everything_recorded(working: Machine) -> None:
    until(lambda: working.journal("EVENT=identified", "EVENT=unknown"), 30)
    start = time.monotonic()
    working.run("systemctl stop bottlebank")
    took = time.monotonic() - start
    print(f" stopped in {took:.1f} s", end="")
    assert took < 2 and working.property("Result") == "success" and working.property("ExecMainStatus") == "0"
    told = [
        line.partition("=")[2]
        for line in working.run("journalctl -b -o export EVENT=placed").stdout.splitlines()
        if line.startswith("PLACEMENT_ID=")
    ]
    with closing(sqlite3.connect(f"file:{working.tree}/var/lib/bottlebank/ledger.db?immutable=1", uri=True)) as ledger:
        recorded = [row[0] for row in ledger.execute("SELECT placement FROM events WHERE event = 'placed'")]
    assert told and set(told) <= set(recorded) and len(set(recorded)) == len(recorded)
    working.run("systemctl start bottlebank")


def test_a_bad_configuration_stops_once_with_its_fault_in_the_journal(working: Machine) -> None:
    before = working.run(f"cat {CONFIG}").stdout
    working.run(f"printf 'match:\\n  vots: 3\\n' > {CONFIG}")
    working.run("systemctl restart bottlebank", check=False)
    until(lambda: working.property("ActiveState") == "failed", 5)
    time.sleep(4)  # longer than a restart would take
    assert working.property("ActiveState") == "failed" and working.property("NRestarts") == "0"
    assert working.property("ExecMainStatus") == "78"
    assert any(f"{CONFIG}:2: match.vots: unknown key; did you mean votes?" in line for line in working.journal())
    Path(f"{working.tree}{CONFIG}").write_text(before)
    working.run("systemctl restart bottlebank")


def test_a_reload_reads_the_thresholds_again_while_it_runs(working: Machine) -> None:
    config = Path(f"{working.tree}{CONFIG}")
    before, process = config.read_text(), working.property("MainPID")

    def threshold() -> object:
        """What the last answer was held to."""
        return (json.loads(working.run("bottlebank status --json").stdout)["last"] or {}).get("threshold")

    config.write_text(before.replace("match:\n", "match:\n  threshold: nine\n"))
    working.run("systemctl reload bottlebank")
    until(lambda: any("the former configuration stays in force" in line for line in working.journal()), 5)
    config.write_text(before.replace("match:\n", "match:\n  threshold: 0.987\n"))
    working.run("systemctl reload bottlebank")
    until(lambda: threshold() == 0.987, 60)
    config.write_text(before)
    working.run("systemctl reload bottlebank")
    assert working.property("ActiveState") == "active" and working.property("MainPID") == process


def test_a_missing_camera_is_named_and_found_without_a_hand(working: Machine) -> None:
    before = working.run(f"cat {CONFIG}").stdout
    working.run(f"printf 'camera:\\n  kind: v4l2\\n  device: /dev/video7\\n' > {CONFIG}")
    working.run("systemctl restart bottlebank", check=False)
    until(lambda: any("/dev/video7" in line for line in working.journal()), 10)
    assert working.property("ActiveState") == "activating"
    Path(f"{working.tree}{CONFIG}").write_text(before)  # stands for plugging it in
    working.working(15)
