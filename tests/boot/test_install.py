"""The installer: what it refuses, that it may run twice, and what it takes away again."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.boot import trees
from tests.boot.machine import Machine

pytestmark = pytest.mark.boot
HOME = f"/home/{trees.USER}"


def test_it_refuses_what_it_cannot_do_with_the_command_that_mends_it(fresh: Machine, bundle: Path) -> None:
    with fresh as machine:
        machine.copy_in(bundle, f"{HOME}/bundle")

        def refused(command: str) -> str:
            done = machine.run(f"cd bundle && {command}", trees.USER, check=False)
            assert done.returncode == 1 and done.stderr.count("\n") == 1, done
            return done.stderr

        assert "try: sudo ./install.sh install" in refused("./install.sh install")
        assert "try: sudo apt install python3-picamera2" in refused("sudo ./install.sh install")
        machine.run("mount -t tmpfs -o size=100m tmpfs /opt")
        assert "100 MB free" in refused("sudo CAMERA=simulated ./install.sh install")
        machine.run(
            "umount /opt; apt-get -qq remove -y python3-venv >/dev/null 2>&1; rm -rf /usr/lib/python3*/ensurepip"
        )
        assert "try: sudo apt install python3-venv" in refused("sudo CAMERA=simulated ./install.sh install")
        old = r"""'#!/bin/sh\n[ "$1" != --version ] || exec echo Python 3.9.2\nexit 1\n'"""
        machine.run(f"printf {old} > /usr/local/bin/python3; chmod +x /usr/local/bin/python3")
        assert "Python 3.9.2 found, Python 3.11 to 3.13 needed" in refused("sudo CAMERA=simulated ./install.sh install")
        assert not Path(f"{machine.tree}/etc/bottlebank").exists()


def test_what_it_leaves_and_what_it_takes(fresh: Machine, bundle: Path) -> None:
    with fresh as machine:
        machine.copy_in(bundle, f"{HOME}/bundle")
        machine.run("cd bundle && sudo CAMERA=simulated ./install.sh", trees.USER)
        enroll = "/var/lib/bottlebank/enroll"
        machine.run(f"umask 022 && mkdir {enroll}/cola && touch {enroll}/cola/1.jpg", trees.USER)
        assert machine.run(f"stat -c '%U %G %a' {enroll} {enroll}/cola/1.jpg").stdout == (
            f"{trees.USER} bottlebank 2775\n{trees.USER} bottlebank 644\n"
        )
        assert machine.run("bottlebank --version", trees.USER).stdout.startswith("bottlebank ")
        machine.run("systemctl is-enabled bottlebank")

        machine.run("echo '# mine' >> /etc/bottlebank/bottlebank.yaml")
        machine.run(f"chmod 2750 {enroll}")
        machine.run("cd bundle && sudo ./install.sh", trees.USER)
        assert "# mine" in machine.run("cat /etc/bottlebank/bottlebank.yaml").stdout
        assert machine.run(f"stat -c '%U %a' {enroll}").stdout == f"{trees.USER} 2750\n"
        assert len(machine.run("ls -d /opt/bottlebank/venv-*").stdout.split()) == 1

        machine.run("cd bundle && sudo ./install.sh uninstall", trees.USER)
        left = "find / -xdev -iname '*bottlebank*' -not -path '/proc/*' -not -path '/home/*' -not -path '/tmp/*' | sort"
        assert machine.run(left).stdout.split() == [
            "/etc/bottlebank",
            "/etc/bottlebank/bottlebank.yaml",
            "/var/lib/bottlebank",
        ]
        machine.run("cd bundle && sudo ./install.sh && sudo ./install.sh purge", trees.USER)
        assert machine.run(left).stdout == ""
        assert machine.run("getent passwd bottlebank; getent group bottlebank", check=False).stdout == ""


def test_from_a_clone_with_make(fresh: Machine, source: Path, bundle: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "download", "-q", "--only-binary=:all:", "setuptools>=77"]
    subprocess.run([*build, "--dest", tmp_path / "links"], check=True)
    for wheel in (bundle / "wheels").iterdir():
        if not wheel.name.startswith("bottlebank"):
            (tmp_path / "links" / wheel.name).hardlink_to(wheel)
    with fresh as machine:
        machine.copy_in(source, f"{HOME}/clone")
        machine.copy_in(tmp_path / "links", HOME)  # in place of a network
        offline = f"PIP_NO_INDEX=1 PIP_FIND_LINKS={HOME}/links"
        for target in ("install CAMERA=simulated", "update"):
            machine.run(f"cd clone && sudo {offline} make {target}", trees.USER)
            machine.working()
        assert not machine.run(f"find {HOME}/clone -name '*.egg-info' -o -path '*/clone/build/lib'").stdout
        machine.run("cd clone && sudo make uninstall && sudo make purge", trees.USER)
        assert machine.run("ls -d /var/lib/bottlebank", check=False).stdout == ""
