"""A tree on a disk of its own, in an emulated machine with a kernel of its own: its plug can be pulled."""

import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.boot import trees

SIZE = "4G"
CONSOLE = "/dev/ttyS0"
OPTIONS = "root=/dev/vda rw console=ttyS0 quiet loglevel=1 mitigations=off systemd.show_status=no"


class Emulated:
    """Boots when entered; when left, its plug is pulled. What it writes to its console is in `said`."""

    def __init__(
        self, folder: Path, tree: Path | None = None, kernel: tuple[Path, Path] | None = None, more: str = ""
    ) -> None:
        """Given a folder for its disk, and for a new disk the tree to put on it.

        kernel: one other than usual, with its initial RAM disk. more: options of the kernel.
        """
        self._disk, self._log = folder / "disk", folder / "console"
        self._kernel, self._more = kernel, more
        self._qemu: subprocess.Popen[bytes] | None = None
        if tree:
            subprocess.run(["truncate", "-s", SIZE, self._disk], check=True)
            subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", tree, self._disk], check=True)

    def __enter__(self) -> Self:
        self._log.unlink(missing_ok=True)
        vmlinuz, initrd = self._kernel or trees.kernel()
        machine = "-machine q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -nodefaults -display none -monitor none"
        self._qemu = subprocess.Popen(
            ["qemu-system-x86_64", *machine.split(), "-no-reboot", "-kernel", vmlinuz, "-initrd", initrd]
            + ["-append", f"{OPTIONS} {self._more}"]
            + ["-drive", f"if=none,id=disk,file={self._disk},format=raw,cache=writeback"]
            + ["-device", "virtio-blk-pci,drive=disk", "-serial", f"file:{self._log}"]
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._qemu
        self._qemu.kill()
        self._qemu.wait()

    @property
    def said(self) -> list[str]:
        """The whole lines on its console since it was started."""
        text = self._log.read_text(errors="replace") if self._log.exists() else ""
        return [line.rstrip("\r") for line in text.split("\n")[:-1]]

    def wait_for(self, word: str, seconds: float) -> str:
        """Wait until a line begins with this word, and return the line. Raise AssertionError if none does."""
        deadline = time.monotonic() + seconds
        while True:
            for line in self.said:
                if line.startswith(word):
                    return line
            assert time.monotonic() < deadline, f"no {word} within {seconds} s; last: {self.said[-5:]}"
            time.sleep(0.2)

    def pause(self, seconds: float) -> None:
        """Let it run."""
        assert self._qemu
        try:
            self._qemu.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        raise AssertionError(f"it went off by itself; last: {self.said[-5:]}")

    def look(self, inside: str, target: Path) -> Path:
        """Given a folder on the disk of a machine without power, copy it out as a file system check leaves it."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        checked = target.with_suffix(".disk")
        subprocess.run(["cp", "--sparse=always", self._disk, checked], check=True)
        done = subprocess.run(["e2fsck", "-fy", checked], capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stdout
        subprocess.run(["debugfs", "-R", f"rdump {inside} {target}", checked], check=True, capture_output=True)
        checked.unlink()
        return target / Path(inside).name
