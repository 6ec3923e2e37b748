"""What the service costs as a process: its peak memory, and its start relative to the imports it needs.

The service is the real one, `bottlebank run`, as systemd would start it; a folder of images stands for the camera, so
that what a camera's own library takes is not in these figures. Its start ends with READY=1: the model has run once, the
bank is open and the first frame is processed. Memory is read at each message; the last comes while it stops.

Limit: a start takes about twice the imports, not 1.5 (x86-64, Python 3.11, the shipped model). Of what it takes beyond
them, PyYAML is 3 parts of 10, the standard library 1.5, its own modules 3.5 and the model 2: unpacked, its hash taken,
run once to prove that it works. PyYAML and the standard library alone come to 1.45 imports.
"""

import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import AF_UNIX, SOCK_DGRAM, socket
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from edge.bench.measurement import Measurement
from edge.bench.stages import BOTTLE, SECOND, noisy
from edge.bench.timing import interleaved
from edge.config import ModelConfig
from edge.errors import EdgeError
from edge.images.crop import crop
from edge.images.writer import write_picture
from edge.types import Box, Image

EMPTY, STANDS = 1, 3
"""Seconds of the table without the bottle, and with it."""

SECONDS_TO_END = 120.0
"""After which a service that neither ends nor gets ready is given up."""

SCRIPT = "import sys; from edge.cli import main; sys.exit(main())"
"""What `bottlebank`, the installed script, does."""

NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Not set for the service: at its next start Python finds what it has compiled once."""

CODE = "import numpy, cv2, {}, time; print(time.process_time())"
"""The bare Python: the seconds of CPU from its start until all are imported."""


class Service(NamedTuple):
    """A running service, and the socket on which it notifies its manager."""

    process: "subprocess.Popen[bytes]"
    notifications: socket

    def messages(self) -> Iterator[str]:
        """What it sends, until it has ended. Raise EdgeError if that takes too long."""
        self.notifications.settimeout(0.1)
        end = time.monotonic() + SECONDS_TO_END
        while time.monotonic() < end:
            ended = self.process.poll() is not None
            try:
                yield self.notifications.recv(4096).decode()
            except TimeoutError:
                if ended:
                    return
        raise EdgeError(f"the service to be measured was given up after {SECONDS_TO_END:.0f} s; is the machine busy?")


def startup(model: ModelConfig, runtime: str, rounds: int = 7) -> list[Measurement]:
    """Given the model and the module that runs it, return the measurements. Raise EdgeError if the service fails."""
    with TemporaryDirectory(prefix="bottlebank-") as folder:
        scratch = Path(folder)
        furnish(scratch, model)
        memory = most_memory(scratch)  # it also enrolls, so that the starts find all done
        works = {"start": lambda: seconds_to_ready(scratch), "imports": lambda: seconds_of_imports(runtime)}
        took = interleaved(works, rounds)
    about = f"{took['start']:.2f} s of CPU; the imports are numpy, cv2 and {runtime.split('.')[0]} in a bare Python"
    return [
        Measurement("the service's most memory", memory, 150.0, "one photo enrolled, one object identified", "MB"),
        Measurement("from its start until it is ready", took["start"] / took["imports"], 1.5, about, "imports"),
    ]


def furnish(scratch: Path, model: ModelConfig) -> None:
    """Given an empty folder, put a configuration, frames in which a bottle comes to rest, and its photo into it."""
    rng = np.random.default_rng(0)
    images, photos = scratch / "images", scratch / "enroll" / "bottle"
    images.mkdir()
    photos.mkdir(parents=True)
    for index in range(SECOND * (EMPTY + STANDS)):
        write_picture(images / f"{index}.jpg", noisy(rng) if index < SECOND * EMPTY else with_bottle(noisy(rng)))
    write_picture(photos / "1.jpg", crop(with_bottle(noisy(rng)), BOTTLE))
    delegate = {"delegate": str(model.delegate.absolute())} if model.delegate else {}
    sections = {
        "camera": {"kind": "folder", "path": str(images), "fps": SECOND},
        "model": {"path": str(model.path.absolute()), "threads": model.threads} | delegate,
        "match": {"threshold": -1},  # whatever the model makes of a drawing
        "enroll": {"folder": str(photos.parent)},
        "state": {"folder": str(scratch / "state")},
    }
    (scratch / "b.yaml").write_text(json.dumps(sections))


def with_bottle(picture: Image) -> Image:
    """Given an empty table, return it with a bottle that has a label."""
    x, y, width, height = BOTTLE
    label = Box(x, y + height // 3, width, height // 3)
    for box, colour in ((BOTTLE, (30, 90, 40)), (label, (230, 220, 190))):
        picture[box.y : box.y + box.height, box.x : box.x + box.width] = colour
    return picture


def most_memory(scratch: Path) -> float:
    """Let the service see all frames; return its peak memory in MB. Raise EdgeError if it does not name the bottle."""
    peak, named = 0.0, False
    with service(scratch) as running:
        for message in running.messages():
            peak = peak_memory(running.process.pid) or peak
            named |= message.startswith("STATUS=identified")
    if not named:
        raise EdgeError(f"the service to be measured named nothing{last_line(scratch)}")
    return peak


def seconds_to_ready(scratch: Path) -> float:
    """Start the service; return its seconds of CPU until it was ready. Raise EdgeError if it ends before."""
    with service(scratch) as running:
        for message in running.messages():
            if message == "READY=1":
                return cpu_seconds(running.process.pid)
    raise EdgeError(f"the service to be measured did not get ready{last_line(scratch)}")


def seconds_of_imports(runtime: str) -> float:
    """Given the module of a runtime, return the seconds of CPU in which a bare Python imports it, numpy and cv2."""
    words = [sys.executable, "-c", CODE.format(runtime)]
    done = subprocess.run(words, env=environment(), stdout=subprocess.PIPE, check=True)
    return float(done.stdout)


@contextmanager
def service(scratch: Path) -> Iterator[Service]:
    """Given what `furnish` made, run the service there until this is left."""
    words = [sys.executable, "-c", SCRIPT, "run", "--config", str(scratch / "b.yaml")]
    address = scratch / "notify"
    with socket(AF_UNIX, SOCK_DGRAM) as notifications, (scratch / "log").open("wb") as log:
        address.unlink(missing_ok=True)
        notifications.bind(str(address))
        service_environment = environment() | {"NOTIFY_SOCKET": str(address)}
        process = subprocess.Popen(words, env=service_environment, stdout=subprocess.DEVNULL, stderr=log)
        try:
            yield Service(process, notifications)
        finally:
            process.terminate()
            process.wait()


def environment() -> dict[str, str]:
    """The environment of this process, in which numpy and OpenCV have one thread, without NO_BYTECODE."""
    return {name: value for name, value in os.environ.items() if name != NO_BYTECODE}


def last_line(scratch: Path) -> str:
    """The last line that the service logged, to append to a message."""
    lines = (scratch / "log").read_text(errors="replace").splitlines()
    return f": {lines[-1]}" if lines else ""


def peak_memory(process: int) -> float | None:
    """The most memory that a process has had, in MB; None once it has ended.

    Not ru_maxrss: that starts at the peak of the process that started it.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return next((1024 * int(line.split()[1]) / 1e6 for line in lines if line.startswith("VmHWM")), None)


def cpu_seconds(process: int) -> float:
    """The seconds of CPU that a running process has had, to the microsecond and finer; `os.times` counts in ticks."""
    clock = ctypes.c_int()
    if code := ctypes.CDLL(None).clock_getcpuclockid(process, ctypes.byref(clock)):
        raise OSError(code, os.strerror(code))
    return time.clock_gettime(clock.value)
