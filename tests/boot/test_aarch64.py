"""The bundle of a Raspberry Pi, run by emulating its processor: it names a photo as this machine does."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.bank.pictures import encoded
from tests.boot import trees
from tests.tiny import colours

pytestmark = [pytest.mark.boot, pytest.mark.skipif(not shutil.which("qemu-aarch64-static"), reason="needs QEMU")]
PRODUCTS = 3
CPUINFO = "".join(
    f"""processor\t: {number}
Features\t: fp asimd evtstrm crc32 cpuid
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x0
CPU part\t: 0xd08
CPU revision\t: 3

"""
    for number in range(os.cpu_count() or 1)
)
"""/proc/cpuinfo of a Raspberry Pi 4, which QEMU 7 does not emulate; ai-edge-litert crashes without."""
SAME = 1e-3
"""By how much a score may differ between processors."""


@pytest.fixture(scope="session")
def wheels(source: Path) -> Path:
    """What `make bundle ARCH=aarch64` makes."""
    command = [source / "packaging/bundle.sh", sys.executable, "aarch64"]
    done = subprocess.run(command, text=True, check=True, stdout=subprocess.PIPE)
    return source / done.stdout.partition(":")[0] / "wheels"


def identify(python: list[str | Path], site: Path, shelf: Path, probe: Path) -> dict[str, object]:
    words = [*python, "-m", "edge.cli", "identify", "--json", "--config", shelf.with_name("config.yaml")]
    words += ["--enroll", shelf, probe]
    environ = os.environ | {"PYTHONPATH": str(site)}
    done = subprocess.run(words, text=True, capture_output=True, env=environ, cwd="/")
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_the_bundle_names_a_photo_alike(release: str, source: Path, wheels: Path, tmp_path: Path) -> None:
    root = trees.aarch64(release)
    (python,) = (root / "usr/bin").glob("python3.[0-9]*")
    version = python.name.removeprefix("python")
    wanted = "bottlebank[tflite-runtime]" if version == "3.11" else "bottlebank"
    site, chosen = tmp_path / "site", tmp_path / "chosen"
    target = ["--only-binary=:all:", "--implementation=cp", f"--python-version={version}"]
    target += ["--platform=manylinux2014_aarch64"] + [
        f"--platform=manylinux_2_{minor}_aarch64" for minor in range(17, 37)
    ]
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-index", "--find-links", wheels, "--dest", chosen]
    subprocess.run([*pip, *target, wanted], check=True)
    for wheel in chosen.iterdir():
        zipfile.ZipFile(wheel).extractall(site)

    for number in range(PRODUCTS):
        (tmp_path / f"shelf/product{number}").mkdir(parents=True)
        (tmp_path / f"shelf/product{number}/front.png").write_bytes(encoded(colours(number), ".png"))
    (tmp_path / "config.yaml").write_text("match: {threshold: 0.5}")
    probe = tmp_path / "probe.jpg"
    probe.write_bytes(encoded(colours(1, noise=5)))
    (tmp_path / "cpuinfo").write_text(CPUINFO)
    mount = f'mount --bind {tmp_path}/cpuinfo /proc/cpuinfo && exec "$@"'
    emulate = ["qemu-aarch64-static", "-cpu", "cortex-a72", "-L", root, python]
    there = identify(["unshare", "-m", "sh", "-c", mount, "sh", *emulate], site, tmp_path / "shelf", probe)
    here = identify([sys.executable], source, tmp_path / "shelf", probe)
    print(f"\n{release}, Python {version}: {there['product']} {there['score']}; here {here['product']} {here['score']}")
    assert there["product"] == here["product"] == "product1"
    scores = [[candidate["score"] for candidate in answer["candidates"]] for answer in (there, here)]
    assert scores[0] == pytest.approx(scores[1], abs=SAME) and len(scores[0]) == PRODUCTS
