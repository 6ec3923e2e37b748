"""How likely the nearest product is right, and how likely it has to be, for one bank.

The evidence for a name is a logistic regression, fitted on products that the model was never trained on (Platt 1999,
Probabilistic Outputs for Support Vector Machines); `cohort.Weights` has its terms. A probe that is nearly as near to a
second product needs a higher score, and so does every probe in a bank of look-alikes: the likeness of a bank is the
median cosine of an enrolled photo to the nearest photo of another product.

A name needs odds of at least ODDS / `false_accepts`: where false accepts may be ten times as many, a tenth of the odds
will do. It also needs odds that at most the share `false_accepts` of the cohort reaches. They are stricter for a
product that many things resemble, by half of what its own quantile over the cohort is above the mean of all products.

Limits: for a bank of one product the regression extrapolates. The cohort bounds false accepts of things
like those in it; products of the same kind that are not enrolled are accepted more often.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, exp, log

import numpy as np
import numpy.typing as npt

from edge.model.cohort import Cohort, Weights
from edge.types import NOT_A_PRODUCT, Gallery, Vectors

ODDS = 0.01
"""The share of false accepts at which a name needs even odds."""

FEW = 2
"""Products that the usual likeness counts for, beside those of the bank."""

SAMPLE = 1000
"""Photos at most that the likeness of a bank is taken from."""

BLOCK = 256
"""Vectors compared with the bank at a time, to need little memory."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a bank calls for. likeness: of the bank. needs: the log odds that each product must reach."""

    weights: Weights
    likeness: float
    needs: Mapping[str, float]

    def threshold(self, product: str, second: float | None) -> float:
        """Given the nearest product and the best cosine of another one, if any, return the cosine it has to reach.

        It may be above 1: then no score would do.
        """
        weights = self.weights
        rest = weights.margin * (self.likeness if second is None else second) - self._constant
        return (self.needs[product] + rest) / (weights.score + weights.margin)

    def confidence(self, score: float, second: float | None) -> float:
        """Given the cosine of the nearest product and of the next one, return how probably it is right."""
        margin = score - (self.likeness if second is None else second)
        odds = self._constant + self.weights.score * score + self.weights.margin * margin
        return 1 / (1 + exp(-min(max(odds, -50.0), 50.0)))

    @property
    def _constant(self) -> float:
        return self.weights.bias + self.weights.likeness * self.likeness


def calibrate(gallery: Gallery, cohort: Cohort, false_accepts: float) -> Calibration:
    """Given a bank, the model's cohort and the share of other things that may be named, in (0, 1), return what its
    products need.

    Negatives count as a product: a rival to the others, which takes nothing from the share.
    """
    names = list(gallery.rows)
    likeness = bank_likeness(gallery, cohort.weights.usual_likeness)
    if not names:
        return Calibration(cohort.weights, likeness, {})
    reached = _log_odds(product_scores(gallery, cohort.vectors), likeness, cohort.weights)
    own = _quantile(reached, 1 - false_accepts)
    stricter = (own - own.mean()) / 2
    products = np.array([name != NOT_A_PRODUCT for name in names])
    nearest = (reached - stricter)[:, products].max(axis=1, initial=(reached - stricter).min())
    needed = np.maximum(log(ODDS / false_accepts), _quantile(nearest, 1 - false_accepts) + stricter)
    return Calibration(cohort.weights, likeness, dict(zip(names, needed.tolist(), strict=True)))


def product_scores(gallery: Gallery, probes: Vectors) -> Vectors:
    """Given a bank of at least one photo and (M, D) unit vectors, return (M, K): the best cosine with each product."""
    order = np.concatenate(list(gallery.rows.values()))
    starts = np.cumsum([0, *map(len, gallery.rows.values())])[:-1]
    bank = gallery.vectors[order]
    parts = [np.maximum.reduceat(probes[i : i + BLOCK] @ bank.T, starts, axis=1) for i in range(0, len(probes), BLOCK)]
    return np.concatenate(parts)


def bank_likeness(gallery: Gallery, usual: float, few: int = FEW) -> float:
    """Given a bank, return the median cosine of an enrolled photo to the nearest of another product.

    usual: what `few` more products are taken to have, so that a bank of one product has it, and one of two is near it.
    """
    products = len(gallery.rows)
    if products < 2:
        return usual
    rows = np.arange(0, len(gallery.products), max(1, len(gallery.products) // SAMPLE))
    scores = product_scores(gallery, gallery.vectors[rows])
    column = {name: i for i, name in enumerate(gallery.rows)}
    scores[np.arange(len(rows)), [column[gallery.products[row]] for row in rows]] = -np.inf
    return float((products * np.median(scores.max(axis=1)) + few * usual) / (products + few))


def _log_odds(scores: Vectors, likeness: float, weights: Weights) -> npt.NDArray[np.float64]:
    """Given (M, K) best cosines, return the log odds of each product, as if it were the nearest, (M, K)."""
    if scores.shape[1] == 1:
        second = np.full_like(scores, likeness)
    else:
        two = np.partition(scores, -2, axis=1)[:, -2:]
        second = np.where(scores == two[:, 1:], two[:, :1], two[:, 1:])
    constant = weights.bias + weights.likeness * likeness
    odds: npt.NDArray[np.float64] = constant + weights.score * scores + weights.margin * (scores - second)
    return odds


def _quantile(values: npt.NDArray[np.float64], share: float) -> npt.NDArray[np.float64]:
    """Given (M, ...) numbers, return the least that this share of them does not exceed, along the first axis.

    `np.quantile` would load numpy.ma, a tenth of the time that the service takes to start.
    """
    rank = ceil(share * (len(values) - 1))
    ranked: npt.NDArray[np.float64] = np.partition(values, rank, axis=0)[rank]
    return ranked
