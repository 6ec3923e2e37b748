"""Which product a vector is: the nearest enrolled one, if near enough."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from edge.types import Candidate, Gallery, Match, Vectors

CANDIDATES = 3


def match(
    gallery: Gallery, probes: Vectors, threshold: float, thresholds: Mapping[str, float] | None = None
) -> list[Match]:
    """Given (N, D) unit vectors, return one answer each: the nearest product if its cosine reaches the threshold.

    threshold: cosine in [-1, 1]. thresholds: others, for single products.
    An empty gallery answers unknown, without candidates. Raise ValueError if the dimensions differ.
    """
    if not gallery.products:
        return [Match(None, threshold, ()) for _ in probes]
    if probes.ndim != 2 or probes.shape[1] != gallery.vectors.shape[1]:
        raise ValueError(f"probes: expected (N, {gallery.vectors.shape[1]}), got {probes.shape}")
    return [answer(gallery, scores, threshold, thresholds or {}) for scores in probes @ gallery.vectors.T]


def answer(gallery: Gallery, scores: Vectors, threshold: float, thresholds: Mapping[str, float]) -> Match:
    """Given one probe's cosines with a gallery's vectors, (N,) float32, N at least 1, return its answer."""
    candidates = _best(gallery, np.clip(scores, -1, 1))
    best = candidates[0]
    needed = thresholds.get(best.product, threshold)
    return Match(best.product if best.score >= needed else None, needed, candidates)


def _best(gallery: Gallery, scores: Vectors) -> tuple[Candidate, ...]:
    """The products of the highest scores, each once; the earlier photo where scores are equal."""
    found: dict[str, Candidate] = {}
    for i in np.argsort(-scores, kind="stable"):
        product = gallery.products[i]
        if product not in found:
            found[product] = Candidate(product, float(scores[i]), gallery.photos[i])
            if len(found) == CANDIDATES:
                break
    return tuple(found.values())


@dataclass(slots=True)
class Matcher:
    """`match` for one bank; another thread may put a new gallery in at any time.

    threshold: cosine in [-1, 1]. thresholds: others, for single products.
    """

    gallery: Gallery
    threshold: float
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def exchange(self, gallery: Gallery) -> None:
        """Match against this gallery from now on."""
        self.gallery = gallery

    def __call__(self, probes: Vectors) -> list[Match]:
        """Given (N, D) unit vectors, return one answer each."""
        return match(self.gallery, probes, self.threshold, self.thresholds)

    def answer(self, scores: Vectors) -> Match:
        """Given one probe's cosines with the gallery's vectors, (N,) float32, return its answer."""
        return answer(self.gallery, scores, self.threshold, self.thresholds)
