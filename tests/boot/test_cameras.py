"""Cameras of a real kernel: picamera2 and libcamera on vimc, OpenCV on vivid, in an emulated machine with Debian 13.

`cameras_guest.py` says what is checked, and prints it. Limits: no camera of a Raspberry Pi is emulated. vimc gives one
stream and has neither exposure nor a filter against flicker. Its processor takes seconds for a frame.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.boot import trees
from tests.boot.emulated import Emulated

pytestmark = [pytest.mark.boot, pytest.mark.skipif(not shutil.which("qemu-system-x86_64"), reason="needs QEMU")]

FRAMES = os.environ.get("CAMERA_FRAMES", "1000")
SITE = "opt/site"
WHEELS = "picamera2 simplejpeg videodev2 piexif pillow libarchive-c jsonschema attrs referencing rpds-py openexr tqdm"
WHEELS += " jsonschema-specifications typing-extensions av numpy opencv-python-headless pyyaml"
PASSED = {
    "picamera2": ["colours", "busy", "released"],
    "v4l2": ["colours", "busy", "another size", "a loose plug", "a stall", "unplugged", "plugged in again"],
}
INIT = f"""#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
exec >/dev/ttyS0 2>&1
/lib/systemd/systemd-udevd --daemon
modprobe vimc
udevadm trigger --subsystem-match=media --subsystem-match=video4linux
udevadm settle
ln -s system "/dev/dma_heap/linux,cma"
export PYTHONPATH=/{SITE} CAMERA_FRAMES={FRAMES} OPENBLAS_NUM_THREADS=1
python3 /{SITE}/cameras_guest.py $CHECKS
echo DONE
sleep 60
"""
"""What the machine runs as its first process. Debian names its memory for buffers otherwise than a Raspberry Pi."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debian 13 with libcamera, picamera2 from PyPI, and this working tree's edge."""
    tree = trees.copy(trees.camera_system(), tmp_path_factory.mktemp("cameras") / "tree")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"]
    platforms = [f"--platform=manylinux_2_{minor}_{os.uname().machine}" for minor in range(17, 42)]
    target = ["--target", tree / SITE, "--python-version=3.13", "--implementation=cp", *platforms]
    subprocess.run([*pip, *target, *WHEELS.split()], check=True)
    shutil.copytree(trees.ROOT / "edge", tree / SITE / "edge", ignore=shutil.ignore_patterns("models"))
    shutil.copy(trees.ROOT / "tests/boot/cameras_guest.py", tree / SITE)
    return tree


@pytest.mark.parametrize("kind", PASSED)
def test_real_drivers(kind: str, tree: Path, tmp_path: Path) -> None:
    init = tree / "init"
    init.write_text(INIT.replace("$CHECKS", kind))
    init.chmod(0o755)
    with Emulated(tmp_path, tree, trees.kernel_of(tree), "init=/init") as machine:
        machine.wait_for("DONE", 3600 if kind == "picamera2" else 600)
    said = "\n".join(machine.said)
    print(f"\n{said}")
    assert [line.split(maxsplit=1)[1] for line in said.splitlines() if line.startswith("PASSED")] == PASSED[kind], said
