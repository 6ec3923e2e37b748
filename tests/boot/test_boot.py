"""It boots by itself: installed either way, on either Debian, it works without a login, inside its sandbox."""

import re
from pathlib import Path

import pytest

from tests.boot.conftest import Installed
from tests.boot.machine import Machine, until

pytestmark = pytest.mark.boot
EXPOSURE = 1.5


@pytest.mark.parametrize("how", ["installer", "deb"])
def test_from_power_on_to_the_first_event(installed: Installed, release: str, how: str, tmp_path: Path) -> None:
    with Machine(installed(release, how, tmp_path / "tree")) as machine:
        machine.working()
        assert not machine.inside("loginctl list-sessions --no-legend").stdout, "somebody has logged in"
        until(lambda: machine.journal("EVENT=placed"), 30)
        (answer, *_) = until(lambda: machine.journal("EVENT=identified", "EVENT=unknown"), 30)
        started = int(machine.run("systemctl show --value --property=UserspaceTimestampMonotonic").stdout)
        seconds = (int(machine.property("ActiveEnterTimestampMonotonic")) - started) / 1e6
        print(f"\n{release}, {how}: {seconds:.1f} s from power on to READY; {answer}")
        assert seconds < 30
        assert machine.property("NRestarts") == "0"


def test_the_sandbox(installed: Installed, release: str, tmp_path: Path) -> None:
    with Machine(installed(release, "installer", tmp_path / "tree")) as machine:
        machine.working()
        until(lambda: machine.journal("EVENT=identified", "EVENT=unknown"), 30)
        verdict = machine.run("systemd-analyze security bottlebank.service").stdout
        exposure = float(re.findall(r"exposure level for bottlebank.service: ([0-9.]+)", verdict)[0])
        print(f"\n{release}: exposure {exposure}, with the model running")
        assert exposure <= EXPOSURE
        assert machine.property("MemoryDenyWriteExecute") == "yes"
