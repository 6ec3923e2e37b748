"""What the boots share: the bundle of this working tree, and systems on which it was installed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.boot import trees
from tests.boot.machine import Machine

TOOLS = ("mmdebstrap", "systemd-nspawn", "nsenter", "ssh", "scp", "sftp", "rsync")
MODEL = "models/bottlebank.tflite"


@pytest.fixture(scope="session", autouse=True)
def possible() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may boot systems")
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"not installed: {', '.join(missing)}")


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this working tree; without a shipped model, the tests' own stands in for it."""
    clone = tmp_path_factory.mktemp("source") / "bottlebank"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=trees.ROOT, text=True, capture_output=True
    )
    names = listed.stdout.splitlines() + [f"models/bottlebank.{suffix}" for suffix in ("tflite", "yaml")]
    for name in {name for name in names if (trees.ROOT / name).exists()}:
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(trees.ROOT / name, clone / name, follow_symlinks=False)
    if not (clone / MODEL).exists():
        (clone / "models").mkdir(exist_ok=True)
        for suffix in ("tflite", "yaml"):
            shutil.copy(trees.ROOT / f"tests/fixtures/tiny.{suffix}", clone / f"models/bottlebank.{suffix}")
    return clone


@pytest.fixture(scope="session")
def bundle(source: Path) -> Path:
    """What `make bundle` makes for this machine."""
    arch = os.uname().machine
    subprocess.run([source / "packaging/bundle.sh", sys.executable, arch], check=True)
    (made,) = (source / "build").glob(f"bottlebank-*-{arch}")
    return made


@pytest.fixture(scope="session", params=["bookworm", "trixie"])
def release(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def fresh(release: str, tmp_path: Path) -> Machine:
    """A machine without Bottlebank, to be booted."""
    return Machine(trees.copy(trees.pristine(release), tmp_path / "tree"))


@pytest.fixture(scope="session")
def deb(bundle: Path, source: Path) -> Path:
    """What `make deb` makes for this machine."""
    subprocess.run([source / "packaging/deb.sh", os.uname().machine], check=True)
    (made,) = (source / "build").glob("bottlebank_*.deb")
    return made


@pytest.fixture(scope="session")
def installed(
    release: str, bundle: Path, deb: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Path], Machine]:
    """Given installer or deb and a folder, make a machine there on which the service was so installed; boot it."""
    made: dict[str, Path] = {}

    def machine(how: str, folder: Path) -> Machine:
        if how not in made:
            tree = trees.copy(trees.pristine(release), tmp_path_factory.mktemp(how) / "tree")
            with Machine(tree) as fresh:
                if how == "deb":
                    fresh.copy_in(deb, f"/home/{trees.USER}")
                    fresh.run(f"sudo CAMERA=simulated dpkg -i {deb.name} && sudo rm {deb.name}", trees.USER)
                else:
                    fresh.copy_in(bundle, f"/home/{trees.USER}/bundle")
                    fresh.run("sudo CAMERA=simulated bundle/install.sh && sudo rm -r bundle", trees.USER)
            made[how] = tree
        return Machine(trees.copy(made[how], folder / "tree"))

    return machine
