"""A card under the overlay of Raspberry Pi OS, which then is full: said by name, recognition goes on, and recovers."""

import json
from pathlib import Path

import pytest

from tests.boot.conftest import Installed
from tests.boot.machine import Machine, until

pytestmark = pytest.mark.boot
STATE = "/var/lib/bottlebank"
COVER = (
    "mkdir /run/rw && mount -t tmpfs -o size=3m tmpfs /run/rw && mkdir /run/rw/upper /run/rw/work && "
    f"chown --reference={STATE} /run/rw/upper && chmod --reference={STATE} /run/rw/upper && "
    f"mount -t overlay -o lowerdir={STATE},upperdir=/run/rw/upper,workdir=/run/rw/work overlay {STATE}"
)
FILL = f"cat /dev/zero > {STATE}/fill; true"


def test_an_overlay_is_said_and_a_full_card_is_borne(installed: Installed, release: str, tmp_path: Path) -> None:
    with Machine(installed(release, "installer", tmp_path / "tree")) as machine:
        machine.working()
        machine.run(f"systemctl stop bottlebank && {COVER} && systemctl start bottlebank")
        (said,) = [line for line in machine.journal() if "what lies on overlay may be gone" in line]
        assert said.startswith(f"{STATE}: ") and "raspi-config nonint disable_overlayfs" in said

        def told() -> int:
            return len(machine.journal("EVENT=placed"))

        before = told()
        until(lambda: told() > before, 60)
        process = machine.property("MainPID")
        machine.run(FILL)
        until(lambda: any("events wait until it can be written" in line for line in machine.journal()), 60)
        silent = told()
        machine.run(f"rm {STATE}/fill")
        late = until(lambda: [line for line in machine.journal() if "is written again" in line], 10)[0]
        until(lambda: told() > silent, 60)
        (gap,) = json.loads(machine.run("bottlebank status --json").stdout)["gaps"]
        print(f"\n{late}; {gap}")
        assert gap["late"] >= 1 and gap["lost"] == 0
        assert machine.property("MainPID") == process and machine.property("NRestarts") == "0"
