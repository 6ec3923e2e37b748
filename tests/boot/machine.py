"""A tree, booted by systemd-nspawn as a machine of its own: its systemd is real, its kernel and its disk are ours."""

import contextlib
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from tests.boot import trees

T = TypeVar("T")
SSH = [
    "-F",
    "/dev/null",
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "LogLevel=ERROR",
]


class Machine:
    """Boots when entered, is powered off when left. Commands run over SSH."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self._pid = 0
        self._nspawn: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = ["systemd-nspawn", "-q", "--register=no", "--keep-unit", "--private-network", "--console=pipe"]
        with (self.tree.parent / f"{self.tree.name}.console").open("wb") as console:
            self._nspawn = subprocess.Popen(
                [*command, "-D", self.tree, "-b"],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
                start_new_session=True,
            )
        self._pid = until(self._systemd, 30)
        try:
            until(lambda: self.run("true", check=False).returncode == 0, 60)
        except BaseException:
            self._end(signal.SIGKILL)
            raise
        return self

    def _systemd(self) -> int:
        """The process that is its first; 0 while nspawn still makes it."""
        assert self._nspawn
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
        return next((int(child) for child in children if Path(f"/proc/{child}/comm").read_text() == "systemd\n"), 0)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(signal.SIGRTMIN + 4)

    def pull_the_plug(self) -> None:
        """End it at once. What the kernel holds is not lost, for it is ours: only processes die."""
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        """Signal its systemd, never nspawn, which would leave it running."""
        assert self._nspawn
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, number)
        self._nspawn.wait(60)

    def outside(self, *command: str | Path) -> list[str]:
        """The words that run a command of ours, such as scp, in its network."""
        return ["nsenter", "-t", str(self._pid), "-n", *map(str, command)]

    def ssh(self, user: str = "root") -> list[str]:
        """The words that run a command on it."""
        return self.outside("ssh", *SSH, "-i", trees.key(), f"{user}@127.0.0.1")

    def run(self, command: str, user: str = "root", check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a shell's command on it, and return what it printed."""
        done = subprocess.run([*self.ssh(user), command], text=True, capture_output=True)
        if check and done.returncode:
            raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def journal(self, *fields: str) -> list[str]:
        """The messages of the service's journal, of this boot, that have these fields."""
        command = f"journalctl --boot --output=cat --unit=bottlebank {shlex.join(fields)}"
        return self.run(command).stdout.splitlines()

    def property(self, name: str) -> str:
        """What systemd says of the service."""
        return self.run(f"systemctl show --value --property={name} bottlebank").stdout.strip()

    def copy_in(self, source: Path, target: str) -> None:
        """Put a file or folder of ours into its tree."""
        subprocess.run(["cp", "-a", source, f"{self.tree}{target}"], check=True)


def until(ask: Callable[[], T], seconds: float, every: float = 0.05) -> T:
    """Ask until the answer is true, and return it. Raise AssertionError if it is not within the time."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"not within {seconds} seconds; last answer: {answer}"
        time.sleep(every)
    return answer
