"""The costs of the pipeline's stages, as ratios to one bare invoke() of the model in the same run."""

from itertools import count as counter
from itertools import cycle
from time import perf_counter

import numpy as np

from edge.bench.measurement import Measurement
from edge.bench.timing import Stopwatch, interleaved
from edge.daemon.clock import utc
from edge.isolation.isolator import Isolator
from edge.model.embedder import Embedder
from edge.recognition.decision import Rule
from edge.recognition.matcher import Matcher
from edge.recognition.pipeline import LOOK_EVERY, Pipeline
from edge.text import count
from edge.types import Box, Change, Frame, Gallery, Image, Vectors

WIDTH, HEIGHT = 640, 480
BOTTLE = Box(260, 90, 110, 300)
SECOND = 10
"""Frames."""
ENROLLED = 50
"""Photos in the bank of an ordinary shop corner: a dozen products."""


class Standing:
    """An isolator of one object that stands there from the first frame on."""

    def step(self, frame: Frame) -> list[Change]:
        """Report the object."""
        return [Change("seen" if frame.index else "placed", 1, BOTTLE)]


def stages(embedder: Embedder, votes: int, rounds: int = 40) -> tuple[float, list[Measurement]]:
    """Given the model, return the seconds of one bare invoke() and the measurements; votes: looks at one object."""
    rng = np.random.default_rng(0)
    watch = embedder.runner.interpreter = Stopwatch(embedder.runner.interpreter)
    matcher = Matcher(gallery(ENROLLED, embedder.card.dimension, rng), Rule(embedder.card.threshold))
    large = Matcher(gallery(1000, embedder.card.dimension, rng), Rule(embedder.card.threshold))
    probe = unit(1, embedder.card.dimension, rng)
    scenes = cycle([noisy(rng) for _ in range(2 * SECOND)])
    looks = [Frame(noisy(rng), index, index * LOOK_EVERY) for index in range(votes + 1)]
    isolator, number = Isolator(), counter()
    watching = Pipeline(isolator, embedder.embed, matcher, utc, str, votes)

    def second() -> None:
        for _ in range(SECOND):
            index = next(number)
            watching.process(Frame(next(scenes), index, index / SECOND))

    def identification() -> float:
        """Everything but the model, in seconds."""
        start, watch.seconds = perf_counter(), 0.0
        naming = Pipeline(Standing(), embedder.embed, matcher, utc, lambda: "1", votes)
        kinds = [event.event for look in looks for event in naming.process(look)]
        assert len(kinds) == 2, kinds
        return perf_counter() - start - watch.seconds

    works = {"invoke": watch.invoke, "second": second, "identification": identification, "match": lambda: large(probe)}
    took = interleaved(works, rounds)
    invoke = took["invoke"]
    beside = took["identification"] / votes / invoke
    about = f"beside its {count(votes, 'invoke()')}: crop, letterbox, match with {ENROLLED} photos, vote"
    empty, match = took["second"] / SECOND / invoke, took["match"] / invoke
    return invoke, [
        Measurement("one frame of the empty scene", empty, 0.05, f"{WIDTH}x{HEIGHT} pixels", "invoke"),
        Measurement("the rest of one identification", beside, 0.10, about, "invoke"),
        Measurement("match against 1,000 vectors", match, 0.02, f"of {embedder.card.dimension} numbers", "invoke"),
    ]


def noisy(rng: np.random.Generator) -> Image:
    """A table as a sensor sees it, with noise of two grey levels."""
    across = np.linspace(90, 150, WIDTH, dtype=np.float32)[None, :, None]
    return np.clip(across + rng.normal(0, 2, (HEIGHT, WIDTH, 3)), 0, 255).astype(np.uint8)


def gallery(photos: int, dimension: int, rng: np.random.Generator) -> Gallery:
    """A bank of made-up vectors, four photos a product."""
    products = [f"product{photo // 4}" for photo in range(photos)]
    names = tuple(f"{product}/{photo}.jpg" for photo, product in enumerate(products))
    return Gallery(unit(photos, dimension, rng), tuple(products), names)


def unit(number: int, dimension: int, rng: np.random.Generator) -> Vectors:
    """Unit vectors in all directions, (number, dimension) float32."""
    vectors = rng.standard_normal((number, dimension), np.float32)
    vectors /= np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, np.newaxis]
    return vectors
