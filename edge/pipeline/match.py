"""Which product a vector is: the nearest enrolled one, if near enough."""

import logging
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from edge.errors import BadModel
from edge.pipeline.compact import Compact
from edge.types import Candidate, Gallery, Match, Vectors

log = logging.getLogger(__name__)

CANDIDATES = 3

LARGE = 8 * 2**20
"""Bytes from which on a bank is searched by its codes first; a smaller one is as fast without, in the caches."""

LIKELY = 64
"""Best scores that are looked at first: usually there are three products among them."""


def match(
    gallery: Gallery,
    probes: Vectors,
    threshold: float,
    thresholds: Mapping[str, float] | None = None,
    compact: Compact | None = None,
) -> list[Match]:
    """Given (N, D) unit vectors, return one answer each: the nearest product if its cosine reaches the threshold.

    threshold: cosine in [-1, 1]. thresholds: others, for single products. compact: the gallery's vectors, coded,
    which give the same answers in less time if there are many.
    An empty gallery answers unknown, without candidates. Raise ValueError if the dimensions differ.
    """
    if not gallery.products:
        return [Match(None, threshold, ()) for _ in probes]
    if probes.ndim != 2 or probes.shape[1] != gallery.vectors.shape[1]:
        raise ValueError(f"probes: expected (N, {gallery.vectors.shape[1]}), got {probes.shape}")
    thresholds = thresholds or {}
    if compact:
        return [_answer(_search(gallery, compact, probe), threshold, thresholds) for probe in probes]
    return [answer(gallery, scores, threshold, thresholds) for scores in probes @ gallery.vectors.T]


def answer(gallery: Gallery, scores: Vectors, threshold: float, thresholds: Mapping[str, float]) -> Match:
    """Given one probe's cosines with a gallery's vectors, (N,) float32, N at least 1, return its answer."""
    return _answer(_best(gallery, scores), threshold, thresholds)


def _answer(candidates: tuple[Candidate, ...], threshold: float, thresholds: Mapping[str, float]) -> Match:
    best = candidates[0]
    needed = thresholds.get(best.product, threshold)
    return Match(best.product if best.score >= needed else None, needed, candidates)


def _search(gallery: Gallery, compact: Compact, probe: Vectors) -> tuple[Candidate, ...]:
    """The best candidates of a large gallery. Only what may be better than the last of those by code can be one."""
    scores, error = compact.scores(probe)
    last = _best(gallery, scores)[-1].score
    rows = np.flatnonzero(np.clip(scores, -1, 1, out=scores) >= last - 2 * error)
    return _best(gallery, gallery.vectors[rows] @ probe, rows)


def _best(gallery: Gallery, scores: Vectors, rows: npt.NDArray[np.intp] | None = None) -> tuple[Candidate, ...]:
    """The products of the highest scores, each once; the earlier photo where scores are equal.

    rows: which of the gallery's vectors have the scores, in ascending order; None for all.
    """
    count = LIKELY
    while True:
        if count < len(scores):
            some = np.argpartition(scores, -count)[-count:]
            lowest = float(scores[some].min())
            some = np.flatnonzero(scores >= lowest)  # all that are equal to the lowest, in their order
        else:
            some = np.arange(len(scores))
        found: dict[str, Candidate] = {}
        for i in some[np.argsort(-scores[some], kind="stable")]:
            row = int(i if rows is None else rows[i])
            product = gallery.products[row]
            if product not in found:
                found[product] = Candidate(product, min(1.0, max(-1.0, float(scores[i]))), gallery.photos[row])
                if len(found) == CANDIDATES:
                    return tuple(found.values())
        if count >= len(scores):
            return tuple(found.values())
        count *= 8


class Matcher:
    """`match` for one bank, its vectors coded if it is large; another thread may put a new gallery in at any time."""

    def __init__(self, gallery: Gallery, threshold: float, thresholds: Mapping[str, float] | None = None) -> None:
        """Given a gallery and the cosine in [-1, 1] that a product must reach; thresholds: others, for single ones."""
        self.threshold, self.thresholds = threshold, thresholds or {}
        self.exchange(gallery)

    @property
    def gallery(self) -> Gallery:
        """What is matched against now."""
        return self._bank[0]

    def exchange(self, gallery: Gallery) -> None:
        """Match against this gallery from now on. Takes a second for 100,000 vectors, in which the old one serves."""
        self._bank = gallery, _coded(gallery)

    def __call__(self, probes: Vectors) -> list[Match]:
        """Given (N, D) unit vectors, return one answer each."""
        gallery, compact = self._bank
        return match(gallery, probes, self.threshold, self.thresholds, compact)

    def answer(self, scores: Vectors) -> Match:
        """Given one probe's cosines with the gallery's vectors, (N,) float32, return its answer."""
        return answer(self.gallery, scores, self.threshold, self.thresholds)


def _coded(gallery: Gallery) -> Compact | None:
    if gallery.vectors.nbytes < LARGE:
        return None
    try:
        return Compact(gallery.vectors)
    except BadModel as error:
        log.warning("the large bank is searched in float32, more slowly: %s", error)
        return None
