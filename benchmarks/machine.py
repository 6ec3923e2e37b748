"""How busy the machine is, and its clock."""

import time
from pathlib import Path

now = time.perf_counter
"""Seconds, on a clock that only goes forward."""


def load() -> float:
    """How many threads wanted to run over the last minute; above 0 before a run, its figures are disturbed."""
    return float(Path("/proc/loadavg").read_text().split()[0])
