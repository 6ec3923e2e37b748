"""What watching an empty table costs, beside Debian's `motion` on the same video.

python -m benchmarks.idle [--seconds S]: a minute of an empty table with a sensor's noise, 640x480, 30 frames a second.
motion plays it at its own speed; its CPU time is read from /proc, that of the thread that looks for motion by itself.
Bottlebank reads the same file, once at its default rate and once every frame. Both decode it, so there are two
comparisons: whole processes, and only what each does with a decoded frame. motion comes from Debian without being
installed: its packages are unpacked under build/bench, which needs apt-get and no rights. Limit: on a busy machine
motion leaves out frames, uncounted.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks import machine, material, plots, tables
from edge.bench import limits
from edge.bench.measurement import Measurement
from edge.config import CameraConfig
from edge.images.reader import read_photo

FPS = 30
PARTS = {"whole": "the whole process", "detection": "with a decoded frame"}

SETTLE = 8
"""Seconds until both have learned the scene."""


def video() -> Path:
    """The video of the empty table, made once."""
    path = material.BUILD / "empty.mp4"
    if not path.is_file():
        real = material.DATA / "video" / "table-background.png"
        wood = np.linspace((90, 120, 160), (120, 150, 190), 640)[np.newaxis].repeat(480, axis=0).astype(np.uint8)
        table = cv2.cvtColor(cv2.resize(read_photo(real), (640, 480)), cv2.COLOR_RGB2BGR) if real.is_file() else wood
        draft = path.with_stem(".empty")
        material.BUILD.mkdir(parents=True, exist_ok=True)
        writer = cv2.VideoWriter(str(draft), cv2.VideoWriter.fourcc(*"mp4v"), FPS, (640, 480))
        noise: npt.NDArray[np.int16] = np.empty(table.shape, np.int16)
        for _ in range(60 * FPS):
            cv2.randn(noise, np.zeros(3), np.full(3, 3.0))
            writer.write(cv2.add(table, noise, dtype=cv2.CV_8U))
        writer.release()
        draft.rename(path)
    return path


def motion() -> tuple[Path, dict[str, str]] | None:
    """The `motion` program and the environment it needs, fetched from Debian if it is not there; None elsewhere."""
    installed = shutil.which("motion")
    if installed:
        return Path(installed), dict(os.environ)
    if not shutil.which("apt-get"):
        return None
    folder = material.BUILD / "motion"
    if not folder.is_dir():
        packages = material.BUILD / "packages"
        packages.mkdir(parents=True, exist_ok=True)
        plan = ["apt-get", "-s", "install", "--no-install-recommends", "motion"]
        lines = subprocess.run(plan, capture_output=True, text=True).stdout.splitlines()
        names = [line.split()[1] for line in lines if line.startswith("Inst ")]
        if not names or subprocess.run(["apt-get", "download", *names], cwd=packages, capture_output=True).returncode:
            return None
        for package in packages.glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, folder], check=True)
    libraries = {str(file.parent) for file in folder.rglob("*.so*")}
    return folder / "usr" / "bin" / "motion", os.environ | {"LD_LIBRARY_PATH": ":".join(sorted(libraries))}


def measure_motion(seconds: int) -> dict[str, float] | None:
    """Let motion watch the video; return its milliseconds of CPU a frame, all and those of its detection alone."""
    found = motion()
    if found is None:
        return None
    program, environment = found
    configuration = material.BUILD / "motion.conf"
    configuration.write_text(
        f"daemon off\nnetcam_url file://{video()}\nwidth 640\nheight 480\nframerate {FPS}\npicture_output off\n"
        "movie_output off\nwebcontrol_port 0\nstream_port 0\n"
    )
    process = subprocess.Popen(
        [program, "-n", "-c", configuration], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(SETTLE)
    before, start = thread_seconds(process.pid), time.monotonic()
    time.sleep(seconds)
    after, frames = thread_seconds(process.pid), FPS * (time.monotonic() - start)
    process.terminate()
    process.wait()
    spent = {name: 1000 * (after[name] - before.get(name, 0)) / frames for name in after}
    return {
        "whole": sum(spent.values()),
        "detection": sum(each for name, each in spent.items() if name.startswith("ml")),
    }


def thread_seconds(process: int) -> dict[str, float]:
    """The seconds of CPU that each of a process's threads has had, by the thread's name; those of one name together."""
    found: dict[str, float] = {}
    for thread in Path(f"/proc/{process}/task").iterdir():
        name, nanoseconds = (thread / "comm").read_text().strip(), (thread / "schedstat").read_text().split()[0]
        found[name] = found.get(name, 0) + int(nanoseconds) / 1e9
    return found


def measure_own(fps: float) -> dict[str, float]:
    """Watch the video in a process of its own, so many frames a second; return milliseconds of CPU a frame of it.

    Of the whole process, of the pipeline alone, and those of an invocation.
    """
    code = f"from benchmarks.idle import watch; watch({fps})"
    done = subprocess.run([sys.executable, "-c", code], cwd=material.ROOT, capture_output=True, text=True, check=True)
    names = ("whole", "detection", "invoke")
    return dict(zip(names, map(float, done.stdout.split()), strict=True))


def watch(fps: float) -> None:
    """Print what `measure_own` returns."""
    from edge import threads

    threads.limit()
    from edge.cameras.video import VideoCamera
    from edge.isolation.isolator import Isolator
    from edge.model.embedder import Embedder
    from edge.recognition.pipeline import Pipeline

    def nothing(_: Any) -> list[Any]:
        return []

    embedder = Embedder(material.extractor() / "float32.tflite")
    pipeline = Pipeline(Isolator(), embedder.embed, nothing, str, str)
    own, start, since, last = 0.0, 0.0, 0.0, 0.0
    for frame in VideoCamera(video(), fps):
        if not start and frame.t >= SETTLE:
            own, start, since = 0.0, time.process_time(), frame.t
        before = time.process_time()
        pipeline.process(frame)
        own += time.process_time() - before
        last = frame.t
    whole, frames = time.process_time() - start, FPS * (last - since)
    before = time.process_time()
    for _ in range(50):
        embedder.runner.interpreter.invoke()
    print(1000 * whole / frames, 1000 * own / frames, 1000 * (time.process_time() - before) / 50)


def main() -> None:
    """Measure both, print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=40, help="how long to watch motion; it plays in real time")
    args = parser.parse_args()
    video(), material.extractor()
    before, usual = machine.load(), CameraConfig(kind="video", path=video()).fps
    own, every, other = measure_own(usual), measure_own(FPS), measure_motion(args.seconds)
    print("| | whole process, ms of CPU a frame | with a decoded frame | of one invoke() |\n|---|---|---|---|")
    rows = {f"Bottlebank, {usual} frames a second": own, f"Bottlebank, all {FPS}": every, f"motion, all {FPS}": other}
    for name, each in rows.items():
        if each is None:
            print(f"| {name} | could not be fetched: it needs apt-get of Debian or Raspberry Pi OS | | |")
            continue
        share = each["detection"] / own["invoke"]
        print(f"| {name} | {each['whole']:.3f} | {each['detection']:.3f} | {share:.1%} |")
    wanted = [Measurement("a frame, to one invoke()", every["detection"] / every["invoke"], 0.05)]
    if other:
        wanted += [Measurement(f"{name}, to motion", own[key] / other[key], 0.5) for key, name in PARTS.items()]
        wanted += [
            Measurement(f"{name}, all frames, to motion", every[key] / other[key], 0.5) for key, name in PARTS.items()
        ]
    print(f"\n{tables.goals(wanted)}")
    found = {"machine": limits.machine(), "load before": before, "own": own, "every frame": every, "motion": other}
    plots.keep("idle", found)


if __name__ == "__main__":
    main()
