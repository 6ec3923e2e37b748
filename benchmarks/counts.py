"""What identify costs by the number of images, from 1 to 100,000: seconds, seconds of CPU and peak memory.

python -m benchmarks.counts [--most N]: whole processes, `bottlebank identify FOLDER --json`, from start to exit. The
folders hold links to the hundred small photos, in folders of a thousand, so each is read and decoded again.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import machine, material, plots
from edge.bench import limits

COUNTS = (1, 10, 100, 1000, 10_000, 100_000)


def linked(count: int, folder: Path) -> None:
    """Fill a folder with this many images."""
    photos = sorted(material.photos(large=False).glob("*.jpg"))
    for number in range(count):
        inside = folder / f"{number // 1000:04}"
        if number % 1000 == 0:
            inside.mkdir()
        (inside / f"{number % 1000:04}.jpg").symlink_to(photos[number % len(photos)])


def identify(folder: Path, how: str) -> dict[str, float]:
    """Identify a folder by the command; return its seconds, seconds of CPU, peak MB and lines."""
    configuration = material.BUILD / "bench.yaml"
    configuration.write_text(f"model: {{path: {material.extractor() / 'float32.tflite'}}}\n")
    words = ["identify", folder, "--how", how, "--json", "--config", configuration]
    words += ["--state", material.BUILD / "state", "--enroll", material.enrolled()]
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "edge.cli", *map(str, words)],
            cwd=material.ROOT,
            stdout=out,
            stderr=subprocess.DEVNULL,
        )
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
        seconds = time.perf_counter() - start
        assert process.returncode == 0, process.args
        out.seek(0)
        lines = sum(1 for _ in out)
    return {
        "seconds": seconds,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * 1024 / 1e6,
        "lines": lines,
    }


def main() -> None:
    """Measure every number of images, print the table, plot it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=COUNTS[-1], help="images")
    parser.add_argument("--how", default="auto")
    args = parser.parse_args()
    before, rows = machine.load(), []
    print("| images | seconds | of CPU | ms of CPU an image | peak MB |\n|---|---|---|---|---|")
    for count in (each for each in COUNTS if each <= args.most):
        with tempfile.TemporaryDirectory(dir=material.BUILD) as folder:
            linked(count, Path(folder))
            identify(
                Path(folder), args.how
            ) if count == 1 else None  # the bank and the file cache are warm from here on
            row = {"images": count} | identify(Path(folder), args.how)
        assert row["lines"] == count
        rows.append(row)
        each = 1000 * row["cpu"] / count
        print(f"| {count:,} | {row['seconds']:.2f} | {row['cpu']:.2f} | {each:.2f} | {row['memory']:.0f} |", flush=True)
    plots.keep("counts", {"machine": limits.machine(), "load before": before, "rows": rows})
    lines = {"seconds": [row["seconds"] for row in rows], "seconds of CPU": [row["cpu"] for row in rows]}
    plots.draw("counts", [row["images"] for row in rows], lines, ("images", "seconds"))


if __name__ == "__main__":
    main()
