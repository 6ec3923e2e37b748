"""The regression behind the confidence, fitted on new products: how likely the nearest one is right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.model.cohort import Weights
from edge.recognition.calibration import bank_likeness, product_scores
from edge.types import Vectors
from training.evaluation.drawn_banks import draw_banks
from training.evaluation.embedded import EmbeddedSet

Floats = npt.NDArray[np.float64]

PHOTOS = (1, 2, 4, 8)
"""Photos enrolled of each product."""

DRAWS = 10

MIX = {"known": 1.0, "look-alike": 0.35, "other": 1.5}
"""How often an enrolled product, one of the same kind that is not, and another thing are put down, by assumption."""

RIDGE = 1e-3
"""Penalty on the standardised weights: it only keeps those of a separable set from growing without bounds."""

STEPS = 60


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row a probe. terms: (N, 3) as in Weights, after the bias. right: (N,). weight: (N,), of sum 1."""

    terms: Floats
    right: npt.NDArray[np.bool_]
    weight: Floats


def usual_likeness(sets: Sequence[EmbeddedSet]) -> float:
    """Given sets of new products, return the mean likeness of banks drawn from them."""
    return float(np.mean([np.mean(_likenesses(each)) for each in sets]))


def evidence(embedded: EmbeddedSet, others: Vectors, usual: float) -> Evidence:
    """Given a set of new products and vectors (M, D) of nobody's products, return the evidence of all draws.

    usual: the likeness that stands in for few products.
    """
    terms, right, weight = [], [], []
    for photos in PHOTOS:
        for bank in draw_banks(embedded, photos, DRAWS):
            names = np.array(list(bank.gallery.rows))
            scores = product_scores(bank.gallery, np.concatenate([bank.probes, others]))
            best, (second, first) = scores.argmax(axis=1), np.partition(scores, -2, axis=1)[:, -2:].T
            likeness = np.full(len(scores), bank_likeness(bank.gallery, usual))
            terms.append(np.stack([first, first - second, likeness], axis=1))
            truth = np.concatenate([bank.truth, np.full(len(others), "")])
            right.append(names[best] == truth)
            groups = (bank.known, ~bank.known)
            shares = [mix * group / max(1, group.sum()) for mix, group in zip(MIX.values(), groups, strict=False)]
            weight.append(np.concatenate([shares[0] + shares[1], np.full(len(others), MIX["other"] / len(others))]))
    total = np.concatenate(weight)
    return Evidence(np.concatenate(terms).astype(np.float64), np.concatenate(right), total / total.sum())


def fit(sets: Sequence[Evidence], usual: float) -> Weights:
    """Given the evidence of one or more sets, each of which counts the same, return the weights of the regression."""
    terms, right = np.concatenate([each.terms for each in sets]), np.concatenate([each.right for each in sets])
    weight = np.concatenate([each.weight for each in sets]) / len(sets)
    mean = weight @ terms
    spread = np.sqrt(weight @ (terms - mean) ** 2) + 1e-9
    columns = np.column_stack([(terms - mean) / spread, np.ones(len(terms))])
    penalty = RIDGE * np.array([1.0, 1.0, 1.0, 0.0])
    solution = np.zeros(4)
    for _ in range(STEPS):  # Newton's method
        likely = 1 / (1 + np.exp(-np.clip(columns @ solution, -30, 30)))
        slope = columns.T @ (weight * (likely - right)) + penalty * solution
        bend = (columns * (weight * likely * (1 - likely))[:, None]).T @ columns + np.diag(penalty + 1e-9)
        solution -= np.linalg.solve(bend, slope)
    slopes = solution[:-1] / spread
    score, margin, likeness = map(float, slopes)
    return Weights(float(solution[-1] - slopes @ mean), score, margin, likeness, usual)


def leave_one_out(evidences: Mapping[str, Evidence], usual: float) -> dict[str, Weights]:
    """Given the evidence of at least two sets by name, return for each the weights fitted on all others."""
    return {name: fit([each for other, each in evidences.items() if other != name], usual) for name in evidences}


def confidences(evidence: Evidence, weights: Weights) -> Floats:
    """Given evidence (N rows) and weights, return the probability that each name is right, (N,)."""
    slopes = np.array([weights.score, weights.margin, weights.likeness])
    likely: Floats = 1 / (1 + np.exp(-(weights.bias + evidence.terms @ slopes)))
    return likely


def calibration_error(confidence: Floats, right: npt.NDArray[np.bool_], weight: Floats, bins: int = 10) -> float:
    """Given confidences in [0, 1], whether each was right and its weight, all (N,), return the expected calibration
    error over bins of equal width (Naeini, Cooper and Hauskrecht, AAAI 2015).
    """
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(place, weight * (confidence - right), bins)
    return float(np.abs(gaps).sum() / weight.sum())


def _likenesses(embedded: EmbeddedSet) -> list[float]:
    banks = (bank for photos in PHOTOS for bank in draw_banks(embedded, photos, 2))
    return [bank_likeness(bank.gallery, 0.0, few=0) for bank in banks]
