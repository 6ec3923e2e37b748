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
MACHINE = os.uname().machine


@pytest.fixture(scope="session", autouse=True)
def possible() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may boot systems")
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"not installed: {', '.join(missing)}")


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this working tree."""
    clone = tmp_path_factory.mktemp("source") / "bottlebank"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=trees.ROOT, text=True, stdout=subprocess.PIPE
    )
    for name in filter(lambda name: (trees.ROOT / name).exists(), listed.stdout.splitlines()):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(trees.ROOT / name, clone / name, follow_symlinks=False)
    return with_model(clone)


@pytest.fixture(scope="session")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the commit before the last."""
    clone = tmp_path_factory.mktemp("former")
    archive = subprocess.run(["git", "archive", "HEAD~1"], cwd=trees.ROOT, capture_output=True)
    if archive.returncode:
        pytest.skip(f"no commit before the last: {archive.stderr.decode().strip()}")
    subprocess.run(["tar", "x", "-C", clone], input=archive.stdout, check=True)
    return with_model(clone)


def with_model(clone: Path) -> Path:
    """Given a clone, let the tests' own model stand in where none ships."""
    (clone / "models").mkdir(exist_ok=True)
    if not (clone / "models/bottlebank.tflite").exists():
        there = trees.ROOT / "models/bottlebank.tflite"
        model = there if there.exists() else trees.ROOT / "tests/fixtures/tiny.tflite"
        for suffix in (".tflite", ".yaml"):
            shutil.copy(model.with_suffix(suffix), clone / f"models/bottlebank{suffix}")
    return clone


def made(clone: Path, script: str, *words: str | Path) -> Path:
    """Run a script of packaging in a clone, and return what it made."""
    done = subprocess.run(
        [clone / "packaging" / script, *words, MACHINE], text=True, check=True, stdout=subprocess.PIPE
    )
    return clone / done.stdout.partition(":")[0]


@pytest.fixture(scope="session")
def bundle(source: Path) -> Path:
    """What `make bundle` makes for this machine."""
    return made(source, "bundle.sh", sys.executable)


@pytest.fixture(scope="session")
def deb(bundle: Path, source: Path) -> Path:
    """What `make deb` makes for this machine."""
    return made(source, "deb.sh")


@pytest.fixture(scope="session")
def former_packages(former: Path) -> dict[str, Path]:
    """The bundle and the Debian package of the commit before the last."""
    return {"installer": made(former, "bundle.sh", sys.executable), "deb": made(former, "deb.sh")}


@pytest.fixture(scope="session", params=["bookworm", "trixie"])
def release(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def fresh(release: str, tmp_path: Path) -> Machine:
    """A machine without Bottlebank, to be booted."""
    return Machine(trees.copy(trees.pristine(release), tmp_path / "tree"))


def install(machine: Machine, package: Path) -> None:
    """Install a bundle or a Debian package as the login user would, and take the files away again."""
    home = f"/home/{trees.USER}"
    machine.copy_in(package, f"{home}/{package.name}")
    command = f"dpkg -i {package.name}" if package.suffix == ".deb" else f"{package.name}/install.sh"
    machine.run(f"sudo CAMERA=simulated {command} && sudo rm -r {home}/{package.name}", trees.USER)


Installed = Callable[[str, str, Path], Path]


@pytest.fixture(scope="session")
def installed(bundle: Path, deb: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Given a release, installer or deb, and a path, make there a tree on which the service was so installed."""
    done: dict[tuple[str, str], Path] = {}

    def tree(release: str, how: str, path: Path) -> Path:
        if (release, how) not in done:
            made = trees.copy(trees.pristine(release), tmp_path_factory.mktemp(f"{release}-{how}") / "tree")
            with Machine(made) as machine:
                install(machine, deb if how == "deb" else bundle)
            done[release, how] = made
        return trees.copy(done[release, how], path)

    return tree
