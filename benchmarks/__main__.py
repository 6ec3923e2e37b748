"""Every benchmark, one after the other: python -m benchmarks."""

import subprocess
import sys

from benchmarks import material

ALL = ("batches", "batches --large --rounds 3", "banks", "banks --dimension 1280", "counts", "precisions", "idle")

for words in ALL:
    print(f"\n## {words}\n", flush=True)
    module, *options = words.split()
    subprocess.run([sys.executable, "-m", f"benchmarks.{module}", *options], cwd=material.ROOT, check=True)
