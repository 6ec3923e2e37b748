"""Three ways to identify images, which give the same answers.

one: an image is read, embedded and matched, then the next.
batch: images are read and embedded side by side, on one embedder per core, so that decoding overlaps inference; the
vectors of GROUP images are matched in one matrix product.
fused: as batch, but each embedder has the bank in its graph, and what it makes of an image are the cosines.

One invocation still takes one image: on a CPU a larger batch is slower per image and takes more memory.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from edge.config import ModelConfig
from edge.errors import BadPhoto
from edge.images import finder
from edge.model.embedder import Embedder
from edge.model.embedder_pool import Embedders
from edge.model.fused import Fused
from edge.model.graph import fused
from edge.parallel import AHEAD, Shared, cores, pool, queued
from edge.recognition.matcher import Matcher
from edge.types import Image, Match, Vectors

GROUP = 32
"""Images matched together."""

WORTHWHILE = 32
"""Images from which on the time to load one embedder per core is won back."""

TOGETHER = 4
"""Images that one thread reads before others are embedded: what decodes them is in the caches then, not the model."""

Read = tuple[Path, Image | BadPhoto]
"""An image file, and its crop or why there is none."""


class EmbeddedFile(NamedTuple):
    """An image file, its crop or why there is none, and the crop's vector (1, D) or cosines with the bank (N,)."""

    file: Path
    crop: Image | BadPhoto
    output: Vectors | None


class Identified(NamedTuple):
    """An image file, its crop or why there is none, and the answer to the crop."""

    file: Path
    crop: Image | BadPhoto
    answer: Match | None


def identifier(
    how: str, total: int, model: ModelConfig, embedder: Embedder, matcher: Matcher
) -> Callable[[Iterable[Path]], Iterator[Identified]]:
    """Return what yields image files with their answers, in their order; it loads what it needs once, and keeps it.

    how: one, batch, fused, or auto: one for a few images, else batch. total: how many images there are, about.
    embedder, matcher: those of the configuration.
    """
    if how == "auto":
        how = "batch" if total >= WORTHWHILE else "one"
    if how == "one":
        return partial(_one, embedder=embedder, matcher=matcher)
    size = embedder.card.size
    if how == "batch" or not matcher.gallery.products:
        look = Embedders(embedder, interpreters(model)).one
        return lambda files: _answered(_side_by_side(look, files, size), lambda each: matcher(np.concatenate(each)))
    content, bank = model.path.read_bytes(), matcher.gallery.vectors
    graph = content if embedder.card.fused else fused(content)
    models = Shared(lambda: Fused(graph, bank, model.threads, model.delegate), interpreters(model))

    def scores(crop: Image) -> Vectors:
        return models.use(lambda each: each.scores(crop))

    return lambda files: _answered(_side_by_side(scores, files, size), lambda each: map(matcher.answer, each))


def embed(files: Iterable[Path], model: ModelConfig, embedder: Embedder) -> Iterator[EmbeddedFile]:
    """Given image files, yield each with its vector, in their order; several are read and embedded side by side."""
    return _side_by_side(Embedders(embedder, interpreters(model)).one, files, embedder.card.size)


def interpreters(model: ModelConfig) -> int:
    """How many work side by side: one per core, where each takes one thread; an accelerator serves one."""
    return 1 if model.delegate else max(1, cores() // model.threads)


def _one(files: Iterable[Path], embedder: Embedder, matcher: Matcher) -> Iterator[Identified]:
    for file in files:
        crop = finder.crop(file, embedder.card.size)
        yield Identified(file, crop, None if isinstance(crop, BadPhoto) else matcher(embedder.embed([crop]))[0])


def _side_by_side(look: Callable[[Image], Vectors], files: Iterable[Path], size: int) -> Iterator[EmbeddedFile]:
    """Each image with what `look` makes of its crop, in order; the threads that look read the images too, in groups."""

    def read(group: list[Path]) -> list[Read]:
        return [(file, finder.crop(file, size)) for file in group]

    def embedded(read: Read) -> EmbeddedFile:
        file, crop = read
        return EmbeddedFile(file, crop, None if isinstance(crop, BadPhoto) else look(crop))

    files = iter(files)
    groups = iter(lambda: list(islice(files, TOGETHER)), [])
    with pool(cores()) as threads:
        crops = chain.from_iterable(queued(threads, read, groups, 1 + cores()))
        yield from queued(threads, embedded, crops, AHEAD * cores())


def _answered(
    embedded: Iterator[EmbeddedFile], answer: Callable[[list[Vectors]], Iterable[Match]]
) -> Iterator[Identified]:
    """The answers, GROUP at a time: what matches is in the caches then, not the model."""
    while group := list(islice(embedded, GROUP)):
        outputs = [each.output for each in group if each.output is not None]
        answers = iter(answer(outputs) if outputs else [])
        for file, crop, output in group:
            yield Identified(file, crop, None if output is None else next(answers))
