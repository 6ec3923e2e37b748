"""What is measured of an embedding, in numpy alone. A probe is accepted when its score reaches the threshold (>=).

Genuine and impostor are two sets of scores, (N,) and (M,) floats, higher for what should be accepted. They may be
comparisons (the cosine of a probe with its own product and with the others: verification) or best scores (of probes
whose product is enrolled, and of probes whose product is not: open-set identification). The terms are those of
ISO/IEC 19795-1. A figure that an empty set leaves undefined is nan.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Indices = npt.NDArray[np.intp]
Labels = Sequence[str] | npt.NDArray[np.str_]

OPIS_STEPS = 101
"""Thresholds at which the utility of each product is compared."""

_ROUNDING = 1e-9  # 0.29 * 100 is 28.999999999999996


class Curve(NamedTuple):
    """One point for each distinct threshold, strictest first: far rises from 0 to 1. All (K,) floats."""

    thresholds: Floats
    far: Floats
    rate: Floats
    """The share of genuine accepted (ROC: TAR), or accepted and rightly named (OSCR: CCR)."""


class Interval(NamedTuple):
    """The bounds of a bootstrap percentile interval."""

    low: float
    high: float


def accepted(scores: Floats, threshold: float) -> float:
    """Given scores, return the share that reaches the threshold."""
    return float(np.mean(scores >= threshold)) if len(scores) else float("nan")


def rejected(scores: Floats, threshold: float) -> float:
    """Given scores of what should be unknown, return the share that stays below the threshold."""
    return 1 - accepted(scores, threshold)


def roc(genuine: Floats, impostor: Floats) -> Curve:
    """Given genuine and impostor scores, return the receiver operating characteristic, from (0, 0) to (1, 1)."""
    thresholds = np.concatenate(([np.inf], np.unique(np.concatenate((genuine, impostor)))[::-1]))
    return Curve(thresholds, _share_reaching(impostor, thresholds), _share_reaching(genuine, thresholds))


def auroc(genuine: Floats, impostor: Floats) -> float:
    """Given genuine and impostor scores, return the area under the ROC: the chance that a genuine score is above an
    impostor score, ties counted half (the Mann-Whitney statistic; Hanley and McNeil 1982).
    """
    if not len(genuine) or not len(impostor):
        return float("nan")
    ordered = np.sort(impostor)
    below = np.searchsorted(ordered, genuine, "left") + np.searchsorted(ordered, genuine, "right")
    return float(below.mean() / (2 * len(ordered)))


def oscr(known: Floats, right: npt.NDArray[np.bool_], unknown: Floats) -> Curve:
    """Given the best scores of probes of enrolled products, whether each was rightly named, and the best scores of
    probes that are not enrolled, return the open-set classification rate against the false accept rate.

    Dhamija, Günther and Boult 2018, Reducing Network Agnostophobia, section 3.
    """
    thresholds = np.concatenate(([np.inf], np.unique(np.concatenate((known, unknown)))[::-1]))
    share = right.mean() if len(right) else np.nan
    return Curve(thresholds, _share_reaching(unknown, thresholds), share * _share_reaching(known[right], thresholds))


def oscr_area(known: Floats, right: npt.NDArray[np.bool_], unknown: Floats) -> float:
    """Given what `oscr` takes, return the area under its curve, at most the closed-set accuracy."""
    if not right.any():
        return 0.0 if len(right) and len(unknown) else float("nan")
    return float(right.mean()) * auroc(known[right], unknown)


def threshold_at_far(impostor: Floats, far: float) -> float:
    """Given impostor scores, return the least threshold that accepts at most the share `far` of them.

    -inf where far is 1; nan where there are no impostors.
    """
    allowed = int(far * len(impostor) + _ROUNDING)
    if not len(impostor):
        return float("nan")
    if allowed >= len(impostor):
        return float("-inf")
    first_refused = np.partition(impostor, len(impostor) - 1 - allowed)[len(impostor) - 1 - allowed]
    return float(np.nextafter(first_refused, np.inf, dtype=impostor.dtype))


def tar_at_far(genuine: Floats, impostor: Floats, far: float) -> float:
    """Given genuine and impostor scores, return the share of genuine accepted by the threshold for `far`."""
    threshold = threshold_at_far(impostor, far)
    return float("nan") if np.isnan(threshold) else accepted(genuine, threshold)


def threshold_keeping(genuine: Floats, share: float) -> float:
    """Given genuine scores, return the greatest threshold that still accepts `share` (0 to 1, not 0) of them."""
    if not len(genuine):
        return float("nan")
    kept = max(1, int(np.ceil(share * len(genuine) - _ROUNDING)))
    return float(np.partition(genuine, len(genuine) - kept)[len(genuine) - kept])


def eer(genuine: Floats, impostor: Floats) -> float:
    """Given genuine and impostor scores, return the equal error rate: where FAR is 1 - TAR on the ROC, taken as
    straight between its points.
    """
    if not len(genuine) or not len(impostor):
        return float("nan")
    curve = roc(genuine, impostor)
    return float(np.interp(0.0, curve.far - (1 - curve.rate), curve.far))


def opis(genuine: Sequence[Floats], impostor: Sequence[Floats], far: tuple[float, float] = (0.001, 0.1)) -> float:
    """Given the genuine and the impostor scores of each of at least two products, return how unequal one threshold is
    for them: the operating-point inconsistency score, 0 where it serves all alike.

    It is the mean over thresholds and products of (U - mean U)^2, where U is the harmonic mean of a product's
    sensitivity and specificity, over the thresholds at which all impostors together are accepted at the rates `far`.
    Zhang et al., Threshold-Consistent Margin Loss for Open-World Deep Metric Learning, ICLR 2024, section 3.
    """
    every = np.concatenate(list(impostor))
    thresholds = np.linspace(threshold_at_far(every, far[1]), threshold_at_far(every, far[0]), OPIS_STEPS)
    utilities = []
    for own, other in zip(genuine, impostor, strict=True):
        sensitivity, specificity = _share_reaching(own, thresholds), 1 - _share_reaching(other, thresholds)
        utilities.append(2 * sensitivity * specificity / np.maximum(sensitivity + specificity, 1e-12))
    return float(np.var(utilities, axis=0).mean())


def bootstrap(
    statistic: Callable[[Indices], Floats],
    groups: Labels,
    strata: Labels | None = None,
    *,
    rounds: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> list[Interval]:
    """Given F figures as a function of row indices, and the group of each row, return the percentile interval of each.

    Whole groups are drawn with replacement, since photos of one product stand or fall together; rows that are
    independent have a group each. With strata, as many groups are drawn from each stratum as it has. Rounds in which a
    figure is undefined (nan) are left out of its interval.
    """
    kinds = np.zeros(len(groups), int) if strata is None else np.unique(np.asarray(strata), return_inverse=True)[1]
    pools = [_members(np.asarray(groups)[kinds == kind], np.flatnonzero(kinds == kind)) for kind in np.unique(kinds)]
    generator = np.random.default_rng(seed)
    values = np.array([
        statistic(np.concatenate([pool[i] for pool in pools for i in generator.integers(len(pool), size=len(pool))]))
        for _ in range(rounds)
    ])  # fmt: skip
    return [_interval(column[~np.isnan(column)], level) for column in values.T]


def _members(groups: npt.NDArray[np.str_], rows: Indices) -> list[Indices]:
    _, which = np.unique(groups, return_inverse=True)
    order = np.argsort(which, kind="stable")
    return np.split(rows[order], np.cumsum(np.bincount(which))[:-1])


def _interval(values: Floats, level: float) -> Interval:
    if not len(values):
        return Interval(float("nan"), float("nan"))
    low, high = np.quantile(values, ((1 - level) / 2, (1 + level) / 2))
    return Interval(float(low), float(high))


def _share_reaching(scores: Floats, thresholds: Floats) -> Floats:
    if not len(scores):
        return np.full(len(thresholds), np.nan)
    share: Floats = 1 - np.searchsorted(np.sort(scores), thresholds, "left") / len(scores)
    return share
