"""A new version over the old one with a full bank, then away, back, and gone for good."""

from pathlib import Path

import pytest

from tests.boot import trees
from tests.boot.conftest import install
from tests.boot.enrollment import ENROLL, agrees, list_says, photo
from tests.boot.machine import Machine, until

pytestmark = pytest.mark.boot
PHOTOS = 100
BUNDLE = f"/home/{trees.USER}/bundle"
REMOVE = {"installer": f"{BUNDLE}/install.sh uninstall", "deb": "dpkg --remove bottlebank"}
PURGE = {"installer": f"{BUNDLE}/install.sh purge", "deb": "dpkg --purge bottlebank"}


@pytest.mark.parametrize("how", ["installer", "deb"])
def test_state_is_kept_or_gone_as_documented(
    fresh: Machine, how: str, bundle: Path, deb: Path, former_packages: dict[str, Path], tmp_path: Path
) -> None:
    package = deb if how == "deb" else bundle
    with fresh as machine:
        install(machine, former_packages[how])
        machine.working()
        for number in range(PHOTOS):
            photo(tmp_path / "shelf" / f"product{number // 4}" / f"{number % 4}.jpg")
        machine.here(f"scp -r {{options}} {tmp_path}/shelf/* {{to}}:{ENROLL}/")
        agrees(machine, 60)
        enrolled = list_says(machine)
        machine.run("echo '# mine' >> /etc/bottlebank/bottlebank.yaml")

        def kept() -> None:
            machine.working()
            assert list_says(machine) == enrolled
            assert "# mine" in machine.run("cat /etc/bottlebank/bottlebank.yaml").stdout
            until(lambda: machine.journal("EVENT=placed"), 30)

        def again() -> str:
            """Install the new version; return what the service said since."""
            before = len(machine.journal())
            install(machine, package)
            kept()
            return "\n".join(machine.journal()[before:])

        environment = machine.run("readlink /opt/bottlebank/bin").stdout
        said = again()
        assert machine.run("readlink /opt/bottlebank/bin").stdout != environment
        assert "enrolled" not in said, "the photos went through the model again"
        again()

        machine.copy_in(bundle, BUNDLE)
        machine.run(REMOVE[how])
        assert machine.property("LoadState") == "not-found"
        assert machine.run("command -v bottlebank; ls /opt/bottlebank/bin", check=False).stdout == ""
        assert "enrolled" not in again()

        machine.run(PURGE[how])
        for name in ("/etc/bottlebank", "/var/lib/bottlebank", "/opt/bottlebank"):
            assert not Path(f"{machine.tree}{name}").exists()
        assert machine.run("getent passwd bottlebank; getent group bottlebank", check=False).stdout == ""
