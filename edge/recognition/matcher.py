"""Which product a vector is: the nearest enrolled one, if near enough."""

import logging

import numpy as np

from edge.errors import BadModel
from edge.recognition.decision import Decision, Rule
from edge.recognition.int8_search import Int8Search
from edge.types import Candidate, Gallery, Match, Vectors

log = logging.getLogger(__name__)

CANDIDATES = 3

LARGE = 4 * 2**20
"""Bytes from which on a bank is searched by its codes first; a smaller one is as fast without."""

MANY = 32
"""Probes from which on one matrix product serves them sooner than a look at the bank, or its codes, for each."""


def match(gallery: Gallery, probes: Vectors, decision: Decision, compact: Int8Search | None = None) -> list[Match]:
    """Given (N, D) unit vectors, return one answer each: the nearest product if the decision is to name it.

    decision: for this gallery. compact: the gallery's vectors, coded, which give the same answers in less time if there
    are many.
    An empty gallery answers unknown, without candidates. Raise ValueError if the dimensions differ.
    """
    if not gallery.products:
        return [decision.unknown() for _ in probes]
    if probes.ndim != 2 or probes.shape[1] != gallery.vectors.shape[1]:
        raise ValueError(f"probes: expected (N, {gallery.vectors.shape[1]}), got {probes.shape}")
    if compact and len(probes) < MANY:
        return [decision.answer(_search(gallery, compact, probe)) for probe in probes]
    cosines = probes @ gallery.vectors.T if len(probes) >= MANY else (gallery.vectors @ probe for probe in probes)
    return [decision.answer(_candidates(gallery, scores)) for scores in cosines]


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

    def __init__(self, gallery: Gallery, rule: Rule) -> None:
        """Given a gallery and the rule by which names are decided; of another rule the share of false accepts holds
        from the next `exchange` on, the rest at once."""
        self.rule = rule
        self.exchange(gallery)

    @property
    def decision(self) -> Decision:
        """What decides now."""
        return Decision(self.rule, self._bank[1])

    @property
    def gallery(self) -> Gallery:
        """What is matched against now."""
        return self._bank[0]

    def exchange(self, gallery: Gallery) -> None:
        """Match against this gallery from now on, by a decision made for it; until that is made the old one serves."""
        self._bank = gallery, self.rule.calibration(gallery), _coded(gallery)

    def __call__(self, probes: Vectors) -> list[Match]:
        """Given (N, D) unit vectors, return one answer each."""
        gallery, calibration, compact = self._bank
        return match(gallery, probes, Decision(self.rule, calibration), compact)

    def answer(self, scores: Vectors) -> Match:
        """Given one probe's cosines with the gallery's vectors, (N,) float32, return its answer."""
        gallery, calibration, _ = self._bank
        return Decision(self.rule, calibration).answer(_candidates(gallery, scores))


def _coded(gallery: Gallery) -> Int8Search | None:
    if gallery.vectors.nbytes < LARGE:
        return None
    try:
        return Int8Search(gallery.vectors)
    except BadModel as error:
        log.warning("the large bank is searched in float32, more slowly: %s", error)
        return None
