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
SSH = "-F /dev/null -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"


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
        try:
            self._pid = until(self._systemd, 30)
            until(lambda: self.inside("systemctl is-active ssh").returncode == 0, 60)
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

    def _end(self, number: int) -> None:
        """Signal its systemd, never nspawn, which would leave it running."""
        assert self._nspawn
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, number)
        self._nspawn.wait(60)

    def inside(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command on it without a login."""
        words = ["nsenter", "-t", str(self._pid), "-a", *shlex.split(command)]
        return subprocess.run(words, text=True, capture_output=True)

    def property(self, name: str) -> str:
        """What systemd says of the service; asked without a login."""
        return self.inside(f"systemctl show --value --property={name} bottlebank").stdout.strip()

    def journal(self, *fields: str) -> list[str]:
        """The messages in this boot's journal with these fields, such as EVENT=placed; without, all of the unit."""
        which = shlex.join(fields) if fields else "--unit=bottlebank"
        return self.inside(f"journalctl --boot --output=cat --no-pager {which}").stdout.splitlines()

    def working(self, seconds: float = 60) -> None:
        """Wait until the service is ready."""
        until(lambda: self.property("ActiveState") == "active", seconds)

    def ssh(self, user: str = trees.USER) -> str:
        """The words of a shell that log in; with a command behind them, they run it."""
        return f"nsenter -t {self._pid} -n ssh {SSH} -i {trees.key()} {user}@127.0.0.1"

    def run(self, command: str, user: str = "root", check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a shell's command on it over SSH."""
        return self._here([*self.ssh(user).split(), command], command, check)

    def here(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a shell's command of ours in its network: {ssh} and {options} stand for how to log in, {to} for whom."""
        options = f"{SSH} -i {trees.key()}"
        words = command.format(ssh=f"'ssh {options}'", options=options, to=f"{trees.USER}@127.0.0.1")
        return self._here(["nsenter", "-t", str(self._pid), "-n", "bash", "-c", words], command, True)

    def process(self) -> int:
        """The service's main process, by our count."""
        (inside,) = (self.property("MainPID"),)
        for status in Path("/proc").glob("[0-9]*/status"):
            with contextlib.suppress(OSError):
                text = status.read_text()
                if f"\t{inside}\n" in text.partition("NSpid:")[2] and os.path.samefile(
                    status.parent / "ns/pid", f"/proc/{self._pid}/ns/pid"
                ):
                    return int(status.parent.name)
        raise AssertionError("the service does not run")

    def copy_in(self, source: Path, target: str) -> None:
        """Put a file or folder of ours into its tree."""
        subprocess.run(["cp", "-a", source, f"{self.tree}{target}"], check=True)

    @staticmethod
    def _here(words: list[str], command: str, check: bool) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(words, text=True, capture_output=True)
        if check and done.returncode:
            raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done


def until(ask: Callable[[], T], seconds: float, every: float = 0.05) -> T:
    """Ask until the answer is true, and return it. Raise AssertionError if it is not within the time."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"not within {seconds} seconds; last answer: {answer}"
        time.sleep(every)
    return answer
