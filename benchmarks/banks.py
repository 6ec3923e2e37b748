"""What a match costs by the size of the bank, from 10 vectors to 1,000,000, in invocations of the model.

python -m benchmarks.banks [--dimension D]: the search of the daemon beside one float32 product with every vector, over
the same probes, in turn. Half of the probes are of enrolled products, half of others. `same` counts the probes with the
same three products from the same photos; where it is less than all, scores are equal to the last digits. `limit` is
what reading the bank's bytes once takes, at the memory bandwidth that one core was seen to have just before.
"""

# ruff: noqa: E402
from edge import threads

threads.limit()

import argparse
from statistics import median

import numpy as np

from benchmarks import machine, material, plots, tables
from edge.bench import large, limits
from edge.bench.measurement import Measurement
from edge.model.embedder import Embedder
from edge.recognition import matcher as match
from edge.recognition.decision import Rule
from edge.types import Gallery, Vectors

SIZES = (10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
PROBES = 16
A_PRODUCT = 8
"""Photos."""


def unit(vectors: Vectors) -> Vectors:
    """Given vectors, return them at length 1, in place."""
    vectors /= np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, np.newaxis]
    return vectors


def gallery(size: int, dimension: int, rng: np.random.Generator) -> tuple[Gallery, Vectors]:
    """A bank whose products' photos have cosines of about 0.7 with each other, and PROBES probes."""
    centres = rng.standard_normal((size // A_PRODUCT + 1 + PROBES, dimension), np.float32)
    vectors = rng.standard_normal((size, dimension), np.float32)
    vectors *= 0.65
    for photo in range(A_PRODUCT):
        some = vectors[photo::A_PRODUCT]
        some += centres[: len(some)]
    chosen = np.concatenate([centres[: size // A_PRODUCT + 1][: PROBES // 2], centres[-PROBES:]])[:PROBES]
    probes = unit(chosen + 0.65 * rng.standard_normal(chosen.shape, np.float32))
    products = tuple(f"p{row // A_PRODUCT}" for row in range(size))
    return Gallery(unit(vectors), products, tuple(map(str, range(size)))), probes


def measure(size: int, dimension: int, embedder: Embedder, rounds: int) -> dict[str, float]:
    """Match every probe by itself, both ways, each after one invocation; medians in milliseconds."""
    bank, probes = gallery(size, dimension, np.random.default_rng(size))
    start = machine.now()
    matcher = match.Matcher(bank, Rule(0.5))
    built = machine.now() - start
    took: dict[str, list[float]] = {"invoke": [], "float32": [], "own": []}
    same = 0
    for number in range(rounds * PROBES):
        probe = probes[number % PROBES][np.newaxis]
        times = [machine.now()]
        embedder.runner.interpreter.invoke()
        times.append(machine.now())
        (exact,) = match.match(bank, probe, matcher.decision)
        times.append(machine.now())
        embedder.runner.interpreter.invoke()  # nothing of the bank is left in the caches
        times.append(machine.now())
        (own,) = matcher(probe)
        times.append(machine.now())
        for name, seconds in zip(("invoke", "float32", "invoke", "own"), np.diff(times), strict=True):
            took[name].append(1000 * float(seconds))
        if number < PROBES:
            same += [c.photo for c in exact.candidates] == [c.photo for c in own.candidates]
            assert np.allclose([c.score for c in exact.candidates], [c.score for c in own.candidates], atol=1e-5)
    found = {name: median(each) for name, each in took.items()}
    read = bank.vectors.nbytes / (1 if bank.vectors.nbytes < match.LARGE else 4)
    return found | {"size": size, "same": same / PROBES, "ready": built, "read": read}


def main() -> None:
    """Measure every size, print the table, plot it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="vectors")
    args = parser.parse_args()
    embedder = Embedder(material.extractor() / "float32.tflite")
    before, peak, rows = machine.load(), limits.limits(), []
    print(
        "| vectors | invoke() ms | float32 ms | own ms | limit ms | float32 / invoke | own / invoke | same "
        "| s to get ready |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for size in (each for each in SIZES if each <= args.most):
        row = measure(size, args.dimension, embedder, 12 if size <= 100_000 else 2)
        row["limit"] = row.pop("read") / peak["GB/s"] / 1e6
        rows.append(row)
        print(
            f"| {size:,} | {row['invoke']:.2f} | {row['float32']:.3f} | {row['own']:.3f} | {row['limit']:.3f} "
            f"| {row['float32'] / row['invoke']:.3f} | {row['own'] / row['invoke']:.3f} "
            f"| {row['same']:.0%} | {row['ready']:.2f} |",
            flush=True,
        )
    found = {
        "machine": limits.machine(),
        "limits": peak,
        "load before": before,
        "dimension": args.dimension,
        "rows": rows,
    }
    plots.keep(f"banks-{args.dimension}", found)
    asked = [row for row in rows if row["size"] in large.BANKS]
    wanted = [
        Measurement(f"{row['size']:,} vectors, in invoke()s", row["own"] / row["invoke"], large.BANKS[int(row["size"])])
        for row in asked
    ]
    print(f"\n{tables.goals(wanted)}")
    lines = {name: [row[name] / row["invoke"] for row in rows] for name in ("float32", "own", "limit")}
    plots.draw(
        f"banks-{args.dimension}",
        [row["size"] for row in rows],
        lines,
        ("vectors in the bank", "one match, in invocations of the model"),
    )


if __name__ == "__main__":
    main()
