"""Photos over a real SSH, in every way that they may come, be renamed and go: the list agrees with the folder."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boot import trees
from tests.boot.conftest import Installed
from tests.boot.enrollment import ENROLL, agrees, folder_says, list_says, photo
from tests.boot.machine import Machine, until

pytestmark = pytest.mark.boot
HOME = f"/home/{trees.USER}"
PROMISED = 2.0
"""Seconds from the end of a copy to its answer."""


@pytest.fixture(scope="module")
def machine(installed: Installed, release: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with Machine(installed(release, "installer", tmp_path_factory.mktemp("copies") / "tree")) as machine:
        machine.working()
        yield machine


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of ours with two photos of one product, and two flat ones."""
    for name in ("cola/front.jpg", "cola/back.png", "fanta1.jpg", "fanta2.png"):
        photo(tmp_path / "shelf" / name)
    return tmp_path / "shelf"


def took(machine: Machine) -> None:
    print(f" {agrees(machine, PROMISED):.2f} s", end="")


COPIES = {
    "scp": "scp {options} fanta1.jpg {to}:{enroll}/scp1.jpg",
    "scp -O": "scp -O {options} fanta1.jpg {to}:{enroll}/scpo1.jpg",
    "scp -p": "scp -p {options} fanta1.jpg {to}:{enroll}/scpp1.jpg",
    "scp -r": "scp -r {options} cola {to}:{enroll}/scpr",
    "scp -O -r -p": "scp -O -r -p {options} cola {to}:{enroll}/scporp",
    "sftp": "sftp {options} -b <(echo 'mkdir {enroll}/sftp'; echo 'put fanta1.jpg {enroll}/sftp/a.jpg') {to}",
    "rsync": "rsync -a -e {ssh} cola/ {to}:{enroll}/rsync/",
    "rsync --inplace": "rsync -a --inplace -e {ssh} cola/ {to}:{enroll}/inplace/",
    "rsync --delay-updates": "rsync -a --delay-updates -e {ssh} cola/ {to}:{enroll}/delayed/",
    "tar": "tar c cola | {login} tar x -C {enroll} --transform s/cola/tar/",
    "cat": "{login} 'cat > {enroll}/cat1.jpg' < fanta1.jpg",
}


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_is_enrolled(machine: Machine, shelf: Path, way: str) -> None:
    before = len(list_says(machine))
    command = COPIES[way].replace("{enroll}", ENROLL).replace("{login}", "ssh {options} {to}")
    machine.here(f"cd {shelf} && {command}")
    took(machine)
    assert len(list_says(machine)) == before + (2 if "cola" in command else 1)


def test_the_same_again_with_other_content(machine: Machine, shelf: Path) -> None:
    for options in ("-a", "-a --inplace", "-a --delay-updates", "-a --delete"):
        (shelf / "cola/front.jpg").unlink()
        photo(shelf / "cola" / "front.jpg")
        machine.here(f"rsync {options} -e {{ssh}} {shelf}/cola/ {{to}}:{ENROLL}/again/")
        took(machine)
    (shelf / "cola/back.png").unlink()
    machine.here(f"rsync -a --delete -e {{ssh}} {shelf}/cola/ {{to}}:{ENROLL}/again/")
    took(machine)
    assert [name for name in list_says(machine) if name.startswith("again/")] == ["again/front.jpg"]


STEPS = {
    "mv of a file into the folder": f"mkdir {ENROLL}/moved && mv one.jpg two.png {ENROLL}/moved",
    "mv of a file within it": f"mv {ENROLL}/moved/one.jpg {ENROLL}/moved/three.jpg",
    "mv of a file to another product": f"mkdir {ENROLL}/other && mv {ENROLL}/moved/three.jpg {ENROLL}/other",
    "a renamed folder": f"mv {ENROLL}/moved {ENROLL}/renamed",
    "a hard link": f"ln three.jpg {ENROLL}/linked1.jpg",
    "a hard link within the product": f"ln {ENROLL}/renamed/two.png {ENROLL}/renamed/too.png",
    "mv of a file out": f"mv {ENROLL}/linked1.jpg .",
    "mv of a folder out": f"mv {ENROLL}/renamed .",
    "mv of a folder into it": f"mv renamed {ENROLL}/back",
    "a copied file": f"cp four.jpg {ENROLL}/copied1.jpg",
    "a deleted file": f"rm {ENROLL}/copied1.jpg",
    "a deleted folder": f"rm -r {ENROLL}/back",
    "a product in one step": f"mkdir -p made && mv four.jpg made && mv made {ENROLL}/",
    "folders that change their names": f"cd {ENROLL} && mv made x && mv other made && mv x other",
}


def test_what_is_moved_linked_renamed_and_deleted(machine: Machine, tmp_path: Path) -> None:
    for name in ("one.jpg", "two.png", "three.jpg", "four.jpg"):
        machine.copy_in(photo(tmp_path / name), HOME)
        machine.run(f"chown {trees.USER}: {name} && mv {name} {HOME}/ 2>/dev/null || chown {trees.USER}: {HOME}/{name}")
    for step, command in STEPS.items():
        before = list_says(machine)
        machine.run(command, trees.USER)
        took(machine)
        assert list_says(machine) != before, step


def test_a_copy_cut_off_in_the_middle(machine: Machine, tmp_path: Path) -> None:
    whole = photo(tmp_path / "cut1.png", noise=60).read_bytes()
    half = f"head -c {len(whole) // 2}"
    machine.here(f"{half} {tmp_path}/cut1.png | ssh {{options}} {{to}} 'cat > {ENROLL}/cut1.png'")
    took(machine)
    assert list_says(machine)["cut1.png"] == ("cut", "refused")
    assert any("cut1.png" in line and "cut off" in line for line in machine.journal())
    machine.here(f"scp {{options}} {tmp_path}/cut1.png {{to}}:{ENROLL}/cut1.png")
    took(machine)
    assert list_says(machine)["cut1.png"] == ("cut", "enrolled")


def test_a_slow_copy_is_left_alone_until_it_is_whole(machine: Machine, tmp_path: Path) -> None:
    content = photo(tmp_path / "slow1.png", noise=60).read_bytes()
    command = f"{machine.ssh()} cat > {ENROLL}/slow1.png"
    with subprocess.Popen(command.split(), stdin=subprocess.PIPE) as copy:
        assert copy.stdin
        for start in range(0, len(content), 1024):
            copy.stdin.write(content[start : start + 1024])
            copy.stdin.flush()
            time.sleep(1)
            assert "slow1.png" not in list_says(machine)
    print(f"\n{len(content)} bytes at 1 KB/s")
    took(machine)
    assert list_says(machine)["slow1.png"] == ("slow", "enrolled")
    assert not any("refused slow1.png" in line for line in machine.journal())


def test_what_cannot_be_read_is_said_by_name(machine: Machine, tmp_path: Path) -> None:
    photo(tmp_path / "closed1.jpg").chmod(0o600)
    machine.here(f"scp -p {{options}} {tmp_path}/closed1.jpg {{to}}:{ENROLL}/")
    took(machine)
    assert list_says(machine)["closed1.jpg"] == ("closed", "refused")
    assert any("closed1.jpg" in line and "chmod" in line for line in machine.journal())
    machine.run(f"chmod a+r {ENROLL}/closed1.jpg", trees.USER)
    took(machine)
    assert list_says(machine)["closed1.jpg"] == ("closed", "enrolled")


def test_ten_thousand_at_once(machine: Machine, tmp_path: Path) -> None:
    for number in range(10_000):
        photo(tmp_path / "many" / f"product{number // 10}" / f"{number % 10}.png", noise=0)
    start = time.monotonic()
    machine.here(f"rsync -a -e {{ssh}} {tmp_path}/many/ {{to}}:{ENROLL}/")
    copied = time.monotonic() - start
    agrees(machine, 1200)
    print(f"\n10,000 photos: copied in {copied:.0f} s, enrolled {time.monotonic() - start - copied:.0f} s later")
    first = photo(tmp_path / "late1.jpg")
    machine.here(f"scp {{options}} {first} {{to}}:{ENROLL}/")
    took(machine)
    machine.run(f"rm -r {ENROLL}/product*", trees.USER)
    agrees(machine, 60)
    assert not any(name.startswith("product") for name in folder_says(machine))
    until(lambda: machine.property("ActiveState") == "active" and machine.property("NRestarts") == "0", 1)
