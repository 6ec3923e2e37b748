"""The machine that is measured on, and what one core of it can do: limits that no program passes."""

import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from edge.parallel import cores

SIDE = 1024
"""Of the matrices that are multiplied."""

LARGE = 2**25
"""Numbers that are read: 128 MiB, more than caches hold."""


def machine() -> str:
    """The board or processor, the cores that this process may use, and the versions that matter."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
    board = Path("/proc/device-tree/model")
    if board.exists():
        model = board.read_text().strip("\0")
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, OpenCV {cv2.__version__}"
    return f"{model}, {cores()} cores, {platform.machine()}, {versions}"


def limits(times: int = 15) -> dict[str, float]:
    """What one core does at its best of so many times: float32 operations of a matrix product, and reading memory."""
    matrix = np.random.default_rng(0).standard_normal((SIDE, SIDE), np.float32)
    row = np.ones(LARGE, np.float32)
    product, reading = _least(lambda: matrix @ matrix, times), _least(lambda: row @ row, times)
    return {"GFLOP/s": 2 * SIDE**3 / product / 1e9, "GB/s": row.nbytes / reading / 1e9}


def in_words(found: dict[str, float]) -> str:
    """Given the limits, return them as a line."""
    return f"one core: {found['GFLOP/s']:.0f} GFLOP/s in a float32 matrix product, reads {found['GB/s']:.1f} GB/s"


def _least(work: Callable[[], Any], times: int) -> float:
    """The least of the seconds that some work takes."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)
