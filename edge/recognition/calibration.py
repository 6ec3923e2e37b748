"""How likely the nearest product is right, and how likely it has to be, for one bank.

The evidence for a name is a logistic regression, fitted on products that the model was never trained on (Platt 1999,
Probabilistic Outputs for Support Vector Machines); `cohort.Weights` has its terms. A probe that is nearly as near to a
second product needs a higher score, and so does every probe in a bank of look-alikes: the likeness of a bank is the
median cosine of an enrolled photo to the nearest photo of another product.

A name needs odds of at least ODDS / `false_accepts`: where false accepts may be ten times as many, a tenth of the odds
will do. It also needs odds that at most the share `false_accepts` of the cohort reaches. They are stricter for a
product that many things resemble, by half of what its own quantile over the cohort is above the mean of all products.

Limits: with one photo a product, or one product, the regression extrapolates. The cohort bounds false accepts of things
like those in it; products of the same kind that are not enrolled are accepted more often.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

import numpy as np
import numpy.typing as npt

from edge.model.cohort import Cohort, Weights
from edge.types import NOT_A_PRODUCT, Gallery, Vectors

ODDS = 0.008
"""The share of false accepts at which a name needs even odds; a larger one is stricter. Of 0.004, 0.006, 0.008 and 0.01
this named nine in ten of the nearest right and at most 2 % wrong, on sets that the weights were not fitted on."""

FEW = 2
"""Products that the usual likeness counts for, beside those of the bank."""

SAMPLE = 1000
"""Photos at most that the likeness of a bank is taken from."""

BLOCK = 256
"""Vectors compared with the bank at a time, to need little memory."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a product needs.

    constant: the terms of the log odds that no probe changes. log_odds: what all terms together must reach.
    """

    constant: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a bank calls for. needs: of each product. likeness: of the bank."""

    weights: Weights
    likeness: float
    needs: Mapping[str, Need]

    def threshold(self, product: str, second: float | None) -> float:
        """Given the nearest product and the best cosine of another one, if any, return the cosine it has to reach.

        It may be above 1: then no score would do.
        """
        need, weights = self.needs[product], self.weights
        rest = weights.margin * (self.likeness if second is None else second)
        return (need.log_odds - need.constant + rest) / (weights.score + weights.margin)

    def confidence(self, product: str, score: float, second: float | None) -> float:
        """Given the nearest product with its cosine and that of the next one, return how probably it is right."""
        margin = score - (self.likeness if second is None else second)
        log_odds = self.needs[product].constant + self.weights.score * score + self.weights.margin * margin
        return 1 / (1 + exp(-min(max(log_odds, -50.0), 50.0)))

    def missing_photo(self, photos: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        """Given the number of photos of each product (K,), return what a product gains in cosine without one, (K,)."""
        weights = self.weights
        less = weights.constant(self.likeness, np.maximum(photos - 1, 1)) - weights.constant(self.likeness, photos)
        gain: npt.NDArray[np.float64] = less / (weights.score + weights.margin)
        return gain


def calibrate(gallery: Gallery, cohort: Cohort, false_accepts: float) -> Calibration:
    """Given a bank, the model's cohort and the share of other things that may be named, in (0, 1), return what its
    products need.

    Negatives count as a product: a rival to the others, which takes nothing from the share.
    """
    names = list(gallery.rows)
    likeness = bank_likeness(gallery, cohort.weights.usual_likeness)
    if not names:
        return Calibration(cohort.weights, likeness, {})
    constants = cohort.weights.constant(likeness, np.array([len(rows) for rows in gallery.rows.values()]))
    reached = _log_odds(product_scores(gallery, cohort.vectors), constants, likeness, cohort.weights)
    own = np.quantile(reached, 1 - false_accepts, axis=0)
    stricter = (own - own.mean()) / 2
    products = np.array([name != NOT_A_PRODUCT for name in names])
    nearest = (reached - stricter)[:, products].max(axis=1, initial=(reached - stricter).min())
    needed = np.maximum(log(ODDS / false_accepts), np.quantile(nearest, 1 - false_accepts) + stricter)
    needs = {name: Need(float(c), float(n)) for name, c, n in zip(names, constants, needed, strict=True)}
    return Calibration(cohort.weights, likeness, needs)


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


def _log_odds(
    scores: Vectors, constants: npt.NDArray[np.float64], likeness: float, weights: Weights
) -> npt.NDArray[np.float64]:
    """Given (M, K) best cosines, return the log odds of each product, as if it were the nearest, (M, K)."""
    if scores.shape[1] == 1:
        second = np.full_like(scores, likeness)
    else:
        two = np.partition(scores, -2, axis=1)[:, -2:]
        second = np.where(scores == two[:, 1:], two[:, :1], two[:, 1:])
    odds: npt.NDArray[np.float64] = constants + weights.score * scores + weights.margin * (scores - second)
    return odds
