"""What `test_cameras.py` runs inside the emulated machine: the real picamera2 on vimc, and OpenCV on vivid.

    CAMERA_FRAMES=1000 python3 cameras_guest.py picamera2|v4l2

Each check prints what it saw and `PASSED name`; the first that fails ends it with a traceback.
"""

import fcntl
import itertools
import logging
import os
import resource
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import MagicMock

import numpy as np

from edge.cameras import pi
from edge.cameras.factory import open_camera
from edge.cameras.power_line import SET_CONTROL
from edge.config import CameraConfig
from edge.errors import CameraError
from edge.types import Frame, Image

for unused in ("pykms", "pidng", "pidng.core", "pidng.camdefs"):  # screens and raw files, which have no wheels
    sys.modules[unused] = MagicMock()

BARS = [(191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0), (0, 0, 191), (0, 0, 0)]
"""What both drivers show by default, RGB: colour bars of 75 %."""

FRAMES = int(os.environ["CAMERA_FRAMES"])
VIVID = Path("/sys/bus/platform/drivers/vivid")
DROPPED_PERCENT, DISCONNECT = 0x00F0F000 + 64, 0x00F0F000 + 65
"""Controls of vivid: the part of its frames that never come, and a plug that is loose for a moment."""


def bars(image: Image, tolerance: int = 12) -> list[tuple[int, ...]]:
    """Given a picture, return the middle of each of its eight bars, near the bottom. They must be as they should."""
    height, width = image.shape[:2]
    seen = [tuple(image[height - 20, (2 * bar + 1) * width // 16].tolist()) for bar in range(8)]
    assert np.abs(np.subtract(seen, BARS)).max() <= tolerance, f"expected {BARS}, got {seen}"
    return seen


def passed(name: str, *what: object) -> None:
    print("LOG", name, *what, flush=True)
    print("PASSED", name, flush=True)


@contextmanager
def refused(said: str) -> Iterator[None]:
    """Expect a CameraError in one line that says so."""
    try:
        yield
    except CameraError as error:
        assert said in str(error) and "\n" not in str(error), f"expected {said}, got {error}"
    else:
        raise AssertionError(f"expected a CameraError: {said}")


def memory() -> int:
    """The memory that this process has now, in KiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024


def picamera2() -> None:
    """One stream, red where the driver shows red, every request released."""
    pi.STALL = 60.0  # an emulated processor takes seconds to draw a frame
    config = CameraConfig(kind="picamera2", width=320, height=240)
    with closing(open_camera(config)) as camera:
        frame = next(iter(camera))
        assert camera.size == (320, 240) and frame.image.shape == (240, 320, 3) and frame.small is None
        passed("colours", bars(frame.image))
        with refused("busy, another program has it"):
            open_camera(config)
        with refused("not there, of 0"):  # vimc is gone from libcamera's list while another process has it
            other_process("picamera2", "0")
        passed("busy")
    with closing(open_camera(replace(config, width=48, height=48))) as camera:
        frames = iter(camera)
        for frame in itertools.islice(frames, FRAMES // 5):
            t = frame.t
        before, started = memory(), time.monotonic()
        for frame in itertools.islice(frames, FRAMES):
            assert frame.t > t
            t = frame.t
        grown, took = memory() - before, time.monotonic() - started
        assert grown < 4096, f"{grown} KiB more"
        passed("released", f"{FRAMES} frames in {took:.0f} s, {grown} KiB more memory")


def other_process(*words: str) -> None:
    """Open a camera, given its kind and device, in another process. Raise CameraError as it does there."""
    done = subprocess.run([sys.executable, __file__, "open", *words], text=True, capture_output=True)
    if done.stdout.startswith("CameraError "):
        raise CameraError(done.stdout.removeprefix("CameraError ").strip())
    assert done.returncode == 0, done.stdout + done.stderr


def try_to_open(kind: str, device: str) -> None:
    """Open a camera; print why it does not open."""
    try:
        open_camera(CameraConfig(kind=kind, device=device, width=320, height=240)).close()
    except CameraError as error:
        print("CameraError", error)


def v4l2() -> None:
    """Frames of the asked size or another, busy, a loose plug, a stall, and unplugged."""
    options = "n_devs=1 node_types=0x1 num_inputs=1 input_types=0"
    subprocess.run(["modprobe", "vivid", *options.split()], check=True)
    subprocess.run(["udevadm", "settle"], check=True)
    device = vivid_device()
    config = CameraConfig(kind="v4l2", device=device, width=320, height=180)
    with closing(open_camera(config)) as camera:
        frame = next(iter(camera))
        assert camera.size == (320, 180) and frame.image.shape == (180, 320, 3)
        passed("colours", bars(frame.image))
        with refused("busy, another program has it"):
            other_process("v4l2", device)
        passed("busy")
    with closing(open_camera(replace(config, width=1000, height=500))) as camera:
        width, height = camera.size
        assert (width, height) != (1000, 500) and next(iter(camera)).image.shape == (height, width, 3)
        passed("another size", camera.size)
    with closing(open_camera(config)) as camera:
        frames = iter(camera)
        before = next(frames).t
        control(device, DISCONNECT, 1)
        later = next(frame for frame in frames if frame.t > before + 0.5)
        passed("a loose plug", f"{later.t - before:.1f} s without a frame, and opened again")
        control(device, DROPPED_PERCENT, 100)
        passed("a stall", seconds_until_refused(frames, "no frame for 5 seconds; is it plugged in?"))
    control(device, DROPPED_PERCENT, 0)
    with closing(open_camera(config)) as camera:
        frames = iter(camera)
        next(frames)
        (VIVID / "unbind").write_text("vivid.0")
        passed("unplugged", seconds_until_refused(frames, "no frame for 5 seconds; is it plugged in?"))
    with refused("no such camera; plug it in"):
        open_camera(config)
    (VIVID / "bind").write_text("vivid.0")
    subprocess.run(["udevadm", "settle"], check=True)
    with closing(open_camera(replace(config, device=vivid_device()))) as camera:
        bars(next(iter(camera)).image)
    passed("plugged in again")


def vivid_device() -> str:
    """The device file of vivid's camera."""
    (name,) = VIVID.glob("vivid.*/video4linux/video*")
    return f"/dev/{name.name}"


def control(device: str, number: int, value: int) -> None:
    """Set one of vivid's controls."""
    with open(device, "rb", buffering=0) as file:
        fcntl.ioctl(file, SET_CONTROL, struct.pack("=Ii", number, value))


def seconds_until_refused(frames: Iterator[Frame], said: str) -> str:
    """Read on until the camera gives up, which must be said so, and within the nine seconds of the watchdog."""
    started = time.monotonic()
    with refused(said):
        for _ in frames:
            pass
    took = time.monotonic() - started
    assert took < 9, f"{took:.1f} s"
    return f"given up after {took:.1f} s"


CHECKS: dict[str, Callable[..., None]] = {"picamera2": picamera2, "v4l2": v4l2, "open": try_to_open}

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="LOG %(message)s", stream=sys.stdout)
    CHECKS[sys.argv[1]](*sys.argv[2:])
