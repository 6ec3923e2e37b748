"""A hundred photos named in every way: Bottlebank's three, its plain loop, Keras and other runtimes.

python -m benchmarks.batches [--large] [--rounds N]: each way is a process that stays; they take turns, so that what
slows the machine for a while slows them all. Figures are medians, ratios are taken within a round.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import machine, material, plots, tables
from benchmarks.ways import FAST, LIMITS, OWN, WAYS
from edge import threads
from edge.bench import limits
from edge.bench.measurement import Measurement
from edge.parallel import cores


class Worker:
    """A way in its own process."""

    def __init__(self, name: str, folder: Path) -> None:
        """Start it and wait until it is ready."""
        words = [sys.executable, "-m", "benchmarks.ways", name, str(folder)]
        environment = dict(os.environ)
        if name in LIMITS | OWN | FAST:
            threads.limit(environment)
        self._name = name
        self._process = subprocess.Popen(
            words,
            cwd=material.ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._line("ready")

    def go(self) -> dict[str, Any]:
        """Have it name the photos; return seconds, cpu and answers."""
        assert self._process.stdin
        print(file=self._process.stdin, flush=True)
        found: dict[str, Any] = json.loads(self._line("{"))
        return found

    def peak(self) -> float:
        """The most memory that it has had, in MB."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
        return kilobytes / 1000

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _line(self, start: str) -> str:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith(start):
                return line
        raise RuntimeError(f"{self._name} ended early")


def measure(large: bool, rounds: int, names: list[str]) -> dict[str, Any]:
    """Let the ways take turns, one round to warm up and then `rounds`; return what they took."""
    folder = material.photos(large)
    material.extractor(), material.bank(), material.bank("int8")
    workers = {name: Worker(name, folder) for name in names}
    took: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for number in range(rounds + 1):
        for name, worker in workers.items():
            found = worker.go()
            if number:
                took[name].append(found)
            print(f"round {number}  {name}: {found['seconds']:.3f} s", file=sys.stderr)
    rows = []
    for name, worker in workers.items():
        ratios = [one["seconds"] / bare["seconds"] for one, bare in zip(took[name], took["bare invoke()"], strict=True)]
        rows.append(
            {
                "way": name,
                "rounds": [one["seconds"] for one in took[name]],
                "seconds": median(one["seconds"] for one in took[name]),
                "least": min(one["seconds"] for one in took[name]),
                "cpu": median(one["cpu"] for one in took[name]),
                "ratio": median(ratios),
                "memory": worker.peak(),
                "answers": took[name][-1]["answers"],
            }
        )
        worker.close()
    return {"photos": len(list(folder.glob("*.jpg"))), "cores": cores(), "rows": rows}


def table(found: dict[str, Any]) -> str:
    """The result as a table in Markdown."""
    by_name = {row["way"]: row for row in found["rows"]}
    batch = by_name["identify --how batch"]
    lines = [
        "| way | seconds | of CPU | to bare invoke() | times slower than batch | peak MB | same names as batch |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        names = [pair[0] for pair in row["answers"]]
        same = f"{sum(a == b[0] for a, b in zip(names, batch['answers'], strict=True))}" if names else ""
        lines.append(
            f"| {row['way']} | {row['seconds']:.3f} | {row['cpu']:.3f} | {row['ratio']:.2f} "
            f"| {row['seconds'] / batch['seconds']:.2f} | {row['memory']:.0f} | {same} |"
        )
    return "\n".join(lines)


def compared(found: dict[str, Any], large: bool) -> list[Measurement]:
    """Given the result, return the ratios that matter beside their goals: medians of those within the rounds."""
    rounds = {row["way"]: row["rounds"] for row in found["rows"]}
    (fast,) = FAST

    def slower(way: str, than: str = "identify --how batch") -> float:
        return float(median(other / mine for other, mine in zip(rounds[way], rounds[than], strict=True)))

    return [
        Measurement("Keras predict, one by one, to batch", slower("Keras predict, one by one"), 30, at_least=True),
        Measurement("Keras predict, batched, to batch", slower("Keras predict, batched"), 4, at_least=True),
        Measurement("Keras predict, fused, to batch", slower("Keras predict, fused"), 4, at_least=True),
        Measurement(
            "Keras predict, one by one, to batch in int8", slower("Keras predict, one by one", fast), 30, at_least=True
        ),
        Measurement(
            "Keras predict, batched, to batch in int8", slower("Keras predict, batched", fast), 4, at_least=True
        ),
        *(
            Measurement(f"{way} to batch", slower(way), 1, at_least=True)
            for way in ("ONNX Runtime", "OpenCV dnn", "MediaPipe")
        ),
        Measurement("the plain loop to batch", slower("plain loop"), 3 if large else 1.8, at_least=True),
        Measurement("fused to batch", slower("identify --how fused"), 1),
        Measurement("batch to bare invoke() of all, over the cores", found["cores"] / slower("bare invoke()"), 1.15),
        Measurement("batch to bare invoke() on every core at once", 1 / slower("bare invoke() on every core"), 1.15),
        Measurement("difference of the cosines of the three ways", difference(found), 1e-5),
    ]


def difference(found: dict[str, Any]) -> float:
    """The most that the cosines of Bottlebank's own three ways differ."""
    scores = [[score for _, score in row["answers"]] for row in found["rows"] if row["way"] in list(OWN)[1:]]
    return float(max(abs(a - b) for some in scores for a, b in zip(some, scores[0], strict=True)))


def main() -> None:
    """Measure, print the table, keep the result as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true", help="photos of 12 megapixels")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[], help="ways; the bare invoke() and batch are always among them")
    args = parser.parse_args()
    names = [name for name in WAYS if not args.only or name in (*args.only, "bare invoke()", "identify --how batch")]
    before = machine.load()
    found = measure(args.large, args.rounds, names) | {"machine": limits.machine(), "load before": before}
    name = f"batches-{'large' if args.large else 'small'}"
    plots.keep(name, found)
    print(f"{found['photos']} photos, medians of {args.rounds} rounds:\n\n{table(found)}")
    if not args.only:
        print(f"\n{tables.goals(compared(found, args.large))}")
        plots.bars(name, {row["way"]: row["seconds"] for row in found["rows"]}, f"seconds for {found['photos']} photos")


if __name__ == "__main__":
    main()
