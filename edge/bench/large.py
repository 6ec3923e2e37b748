"""What large work costs: banks of many vectors, and a hundred photos in each way, beside the bare model.

Each bank is measured by itself, since the largest leaves nothing of the others in the caches.
"""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from edge.bench.measurement import Measurement
from edge.bench.process import with_bottle
from edge.bench.stages import BOTTLE, ENROLLED, gallery, noisy, unit
from edge.bench.timing import interleaved
from edge.config import ModelConfig
from edge.images.writer import write_picture
from edge.model.embedder import Embedder
from edge.parallel import Shared, in_order
from edge.recognition import batch
from edge.recognition.decision import Rule
from edge.recognition.matcher import Matcher
from edge.types import Vectors

log = logging.getLogger(__name__)

BANKS = {10_000: 0.10, 100_000: 1.0}
"""Vectors, and the invocations of the model that a match may take."""

PHOTOS = 100
SIDE = 348
"""Pixels of a photo, as those of the Grocery Store Dataset."""


def banks(embedder: Embedder, rounds: int = 40, memory: Callable[[], int] | None = None) -> list[Measurement]:
    """Given the model, return what a match costs by the size of the bank.

    memory: returns the bytes that are free; a bank that has no room in them is left out.
    """
    rng, rows = np.random.default_rng(0), []
    for size, goal in BANKS.items():
        needed, free = 8 * size * embedder.card.dimension, (memory or memory_left)()
        if needed > free:
            log.warning("a bank of %d vectors is left out: it needs %.1f GB, %.1f are free", size, *_gb(needed, free))
            continue
        took = _match(embedder, size, rng, rounds)
        about = f"{1000 * took['match']:.2f} ms; answers as exact as in float32"
        rows.append(
            Measurement(f"match against {size:,} vectors", took["match"] / took["invoke"], goal, about, "invoke")
        )
    return rows


def photos(model: ModelConfig, embedder: Embedder, rounds: int = 5) -> list[Measurement]:
    """Given the model, return what naming PHOTOS photos costs, reading them included; each way takes its turn."""
    rng = np.random.default_rng(0)
    bank = gallery(ENROLLED, embedder.card.dimension, rng)
    matcher, side_by_side = Matcher(bank, Rule(embedder.card.threshold)), batch.interpreters(model)
    with TemporaryDirectory(prefix="bottlebank-") as folder:
        files = [Path(folder) / f"{number}.jpg" for number in range(PHOTOS)]
        for file in files:
            write_picture(file, with_bottle(noisy(rng))[-SIDE:, BOTTLE.x - SIDE // 2 :][:, :SIDE])

        def bare() -> None:
            for _ in files:
                embedder.runner.interpreter.invoke()

        def name(how: str) -> None:
            assert all(each.answer for each in namers[how](files))

        namers = {how: batch.identifier(how, PHOTOS, model, embedder, matcher) for how in ("one", "batch", "fused")}
        works = {how: partial(name, how) for how in namers}
        took = interleaved({"bare": bare, "everywhere": everywhere(embedder, side_by_side, PHOTOS)} | works, rounds)
    about = (
        f"{PHOTOS / took['batch']:.0f} a second; one after the other {took['one'] / took['batch']:.2f} times as long"
    )
    about += f", fused {took['fused'] / took['batch']:.2f}"
    about += f"; the bare model on every core at once takes {side_by_side * took['everywhere'] / took['bare']:.2f} bare"
    return [
        Measurement(f"{PHOTOS} photos side by side", side_by_side * took["batch"] / took["bare"], 1.15, about, "bare")
    ]


def everywhere(embedder: Embedder, most: int, times: int) -> Callable[[], None]:
    """Given an embedder, return what runs its bare model so many times, on as many interpreters at once as `most`."""
    runners = Shared(lambda: embedder.twin().runner, most, embedder.runner)

    def work() -> None:
        for _ in in_order(lambda _: runners.use(lambda each: each.interpreter.invoke()), range(times), most):
            pass

    return work


def memory_left() -> int:
    """The bytes that a program could have now."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))


def _match(embedder: Embedder, size: int, rng: np.random.Generator, rounds: int) -> dict[str, float]:
    matcher = Matcher(gallery(size, embedder.card.dimension, rng), Rule(embedder.card.threshold))
    probe: Vectors = unit(1, embedder.card.dimension, rng)
    return interleaved({"invoke": embedder.runner.interpreter.invoke, "match": lambda: matcher(probe)}, rounds)


def _gb(*sizes: int) -> list[float]:
    return [size / 1e9 for size in sizes]
