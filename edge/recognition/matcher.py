"""Which product a vector is: the nearest enrolled one, if near enough."""

import logging
from collections.abc import Mapping

import numpy as np

from edge.errors import BadModel
from edge.recognition.int8_search import Int8Search
from edge.types import Candidate, Gallery, Match, Vectors

log = logging.getLogger(__name__)

CANDIDATES = 3

LARGE = 4 * 2**20
"""Bytes from which on a bank is searched by its codes first; a smaller one is as fast without."""

MANY = 32
"""Probes from which on one matrix product serves them sooner than a look at the bank, or its codes, for each."""


def match(
    gallery: Gallery,
    probes: Vectors,
    threshold: float,
    thresholds: Mapping[str, float] | None = None,
    compact: Int8Search | None = None,
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
    if compact and len(probes) < MANY:
        return [_answer(_search(gallery, compact, probe), threshold, thresholds) for probe in probes]
    cosines = probes @ gallery.vectors.T if len(probes) >= MANY else (gallery.vectors @ probe for probe in probes)
    return [answer(gallery, scores, threshold, thresholds) for scores in cosines]


def answer(gallery: Gallery, scores: Vectors, threshold: float, thresholds: Mapping[str, float]) -> Match:
    """Given one probe's cosines with a gallery's vectors, (N,) float32, N at least 1, return its answer."""
    return _answer(_candidates(gallery, scores), threshold, thresholds)


def _answer(candidates: tuple[Candidate, ...], threshold: float, thresholds: Mapping[str, float]) -> Match:
    best = candidates[0]
    needed = thresholds.get(best.product, threshold)
    return Match(best.product if best.score >= needed else None, needed, candidates)


def _search(gallery: Gallery, compact: Int8Search, probe: Vectors) -> tuple[Candidate, ...]:
    """The best candidates of a large gallery. Only what may be better than the best by code can be among them."""
    scores, error = compact.scores(probe)
    best = _best(gallery, scores)
    scores[best] = gallery.vectors[best] @ probe
    likely = np.flatnonzero(scores >= scores[best].min() - error)
    scores[likely] = gallery.vectors[likely] @ probe  # all others are less than these three, by code and in truth
    return _candidates(gallery, scores)


def _candidates(gallery: Gallery, scores: Vectors) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(gallery.products[row], min(1.0, max(-1.0, float(scores[row]))), gallery.photos[row])
        for row in _best(gallery, scores)
    )


def _best(gallery: Gallery, scores: Vectors) -> list[int]:
    """The rows of the best photos of the best products, best first; the earlier one where scores are equal.

    One look at all scores a candidate, by one and the same function: as fast for a large gallery as its scores are
    read, and for a small one as Python comes back to it, where partitions and sorts would first have to be loaded.
    """
    rows: list[int] = []
    left = scores.copy()
    for _ in range(min(CANDIDATES, len(gallery.rows))):
        rows.append(int(left.argmax()))
        left[gallery.rows[gallery.products[rows[-1]]]] = -np.inf
    return rows


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


def _coded(gallery: Gallery) -> Int8Search | None:
    if gallery.vectors.nbytes < LARGE:
        return None
    try:
        return Int8Search(gallery.vectors)
    except BadModel as error:
        log.warning("the large bank is searched in float32, more slowly: %s", error)
        return None
