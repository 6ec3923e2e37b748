"""The machine that is measured on, and two limits that no program on it can pass."""

import platform
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from edge.pipeline.overlap import cores


def name() -> str:
    """The processor, the cores that this process may use, and the versions that matter."""
    import cv2

    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("model name", "Model")):
            model = line.split(":", 1)[1].strip()
    board = Path("/proc/device-tree/model")
    if board.exists():
        model = board.read_text().strip("\0")
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, OpenCV {cv2.__version__}"
    return f"{model}, {cores()} cores, {platform.machine()}, {versions}"


def load() -> float:
    """How many threads wanted to run over the last minute; above 0 before a run, its figures are disturbed."""
    return float(Path("/proc/loadavg").read_text().split()[0])


def limits() -> dict[str, float]:
    """What one core can do: float32 multiply-adds of a matrix product, and reading memory."""
    a = np.random.default_rng(0).normal(size=(1024, 1024)).astype(np.float32)
    large = np.ones(2**26, np.float32)
    product, reading = best(lambda: a @ a, 15), best(lambda: large @ large, 15)
    return {"GFLOP/s": 2 * 1024**3 / product / 1e9, "GB/s": large.nbytes / reading / 1e9}


now = time.perf_counter
"""Seconds, on a clock that only goes forward."""


def best(work: Callable[[], Any], times: int) -> float:
    """The least of the seconds that some work took."""
    return min(_taken(work, times))


def middle(work: Callable[[], Any], times: int) -> float:
    """The median of the seconds that some work took."""
    return median(_taken(work, times))


def _taken(work: Callable[[], Any], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken
