"""What `test_cameras.py` runs inside the emulated machine: the real picamera2 on vimc, and OpenCV on vivid.

    python3 cameras_guest.py picamera2|v4l2

Each check prints `PASSED name` with what it saw; the first that fails ends it with a traceback.
"""

import logging
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from edge.cameras.factory import open_camera
from edge.config import CameraConfig
from edge.errors import CameraError
from edge.types import Image

BARS = [(191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0), (0, 0, 191), (0, 0, 0)]
"""What both drivers show by default, RGB: colour bars of 75 %."""

FRAMES = int(os.environ.get("FRAMES", "10000"))
VIVID = Path("/sys/bus/platform/drivers/vivid")
DROPPED, DISCONNECT = 0x00F0F000 + 65, 0x00F0F000 + 71


def bars(image: Image, tolerance: int = 12) -> list[tuple[int, ...]]:
    """Given a picture, return the middle of each of its eight bars, near the bottom. They must be as they should."""
    height, width = image.shape[:2]
    seen = [tuple(image[height - 20, (2 * bar + 1) * width // 16].tolist()) for bar in range(8)]
    assert np.abs(np.subtract(seen, BARS)).max() <= tolerance, f"expected {BARS}, got {seen}"
    return seen


def passed(name: str, *what: object) -> None:
    print("PASSED", name, *what, flush=True)


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
    config = CameraConfig(kind="picamera2", width=320, height=240, fps=30)
    with closing(open_camera(config)) as camera:
        frames = iter(camera)
        frame = next(frames)
        assert camera.size == (320, 240) and frame.image.shape == (240, 320, 3) and frame.small is None
        passed("colours", bars(frame.image))
        with refused("busy, another program has it"):
            other_process("busy")
        passed("busy")
        for _ in range(200):
            frame = next(frames)
        before, begun, t = memory(), time.monotonic(), frame.t
        for _ in range(FRAMES):
            frame = next(frames)
            assert frame.t > t
            t = frame.t
        grown, took = memory() - before, time.monotonic() - begun
        assert grown < 4096, f"{grown} KiB more"
        passed("released", f"{FRAMES} frames in {took:.0f} s, {grown} KiB more memory")
    with closing(open_camera(config)) as camera:
        bars(next(iter(camera)).image)
    passed("opened again")


def other_process(*words: str) -> None:
    """Run this file in another process. Raise CameraError where it prints that."""
    import subprocess

    done = subprocess.run([sys.executable, __file__, *words], text=True, capture_output=True)
    if done.stdout.startswith("CameraError "):
        raise CameraError(done.stdout.removeprefix("CameraError ").strip())
    assert done.returncode == 0, done.stdout + done.stderr


def busy() -> None:
    """Try to open the Pi camera; print why it does not open."""
    try:
        open_camera(CameraConfig(kind="picamera2", width=320, height=240)).close()
    except CameraError as error:
        print("CameraError", error)


CHECKS = {"picamera2": picamera2, "busy": busy}

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="LOG %(message)s", stream=sys.stdout)
    CHECKS[sys.argv[1]]()
