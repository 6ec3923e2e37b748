"""Every benchmark, one after the other: python -m benchmarks."""

import subprocess
import sys

from benchmarks import machine, material
from edge.verbs import limits

ALL = (
    "batches",
    "batches --large --rounds 3",
    "decoding",
    "banks",
    "banks --dimension 1280",
    "precisions",
    "idle",
    "counts",
)

print(f"{limits.machine()}; load before {machine.load():.1f}; {limits.in_words(limits.limits())}")
for words in ALL:
    print(f"\n## {words}\n", flush=True)
    module, *options = words.split()
    subprocess.run([sys.executable, "-m", f"benchmarks.{module}", *options], cwd=material.ROOT, check=True)
