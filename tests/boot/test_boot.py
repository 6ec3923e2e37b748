"""It boots by itself: installed either way, on either Debian, it works without a login, inside its sandbox."""

import json
import re
from pathlib import Path

import pytest

from tests.boot import scene
from tests.boot.conftest import Installed
from tests.boot.machine import Machine, until

pytestmark = pytest.mark.boot
EXPOSURE = 1.5


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scene.draw(tmp_path_factory.mktemp("film") / "film.mp4")


@pytest.mark.parametrize("how", ["installer", "deb"])
def test_from_power_on_to_the_first_event(
    installed: Installed, release: str, how: str, film: Path, tmp_path: Path
) -> None:
    tree = installed(release, how, tmp_path / "tree")
    products = scene.furnish(tree, film)
    with Machine(tree) as machine:
        machine.working()
        assert not machine.inside("loginctl list-sessions --no-legend").stdout, "somebody has logged in"
        until(lambda: machine.journal("EVENT=placed"), 30)
        (answer, *_) = until(lambda: machine.journal("EVENT=identified"), 60)
        fields = json.loads(machine.inside("journalctl --boot --output=json --lines=1 EVENT=identified").stdout)
        assert fields["PRODUCT"] in products and 0 < float(fields["SCORE"]) <= 1 and fields["PLACEMENT_ID"]
        started = int(machine.run("systemctl show --value --property=UserspaceTimestampMonotonic").stdout)
        seconds = (int(machine.property("ActiveEnterTimestampMonotonic")) - started) / 1e6
        print(f"\n{release}, {how}: {seconds:.1f} s from power on to READY; {answer}")
        assert seconds < 30
        assert machine.property("NRestarts") == "0"


def test_the_sandbox(installed: Installed, release: str, film: Path, tmp_path: Path) -> None:
    tree = installed(release, "installer", tmp_path / "tree")
    scene.furnish(tree, film)
    with Machine(tree) as machine:
        machine.working()
        until(lambda: machine.journal("EVENT=identified"), 60)
        verdict = machine.run("systemd-analyze security bottlebank.service").stdout
        exposure = float(re.findall(r"exposure level for bottlebank.service: ([0-9.]+)", verdict)[0])
        print(f"\n{release}: exposure {exposure}, with the model running")
        assert exposure <= EXPOSURE
        assert machine.property("MemoryDenyWriteExecute") == "yes"
