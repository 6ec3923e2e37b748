"""What a bank's decision is expected to give, from the bank and the cohort alone, without a test.

Each enrolled photo is put to the bank without it: is it named rightly? Then to the bank without its product: is it
given a name, as a product of the same kind that is not enrolled would be? The cohort stands for other things.

Limits: photos of one product taken in one go are more alike than what comes later, and near-copies find each other, so
that the share named right is too high; but each photo finds one photo less than a later view will, which makes it too
low. Over 36 banks of new products the estimate was 0.19 too low with 2 photos a product, 0.05 with 4, and right with 8.
A product of one photo has no estimate.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from edge.recognition.calibration import product_scores
from edge.recognition.decision import Decision, Rule
from edge.types import NOT_A_PRODUCT, Gallery, Vectors

SAMPLE = 2000
"""Photos at most that are put to the bank."""

Z = 1.96
"""Standard deviations of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share in [0, 1] of so many trials, with its 95 % interval (Wilson 1927)."""

    value: float
    low: float
    high: float
    trials: int

    @classmethod
    def of(cls, hits: int, trials: int) -> "Share":
        """Given how many of how many; nan, with the interval (0, 1), where there are none."""
        if not trials:
            return cls(float("nan"), 0.0, 1.0, 0)
        value, spread = hits / trials, 1 + Z**2 / trials
        middle = (value + Z**2 / (2 * trials)) / spread
        half = Z * sqrt(value * (1 - value) / trials + Z**2 / (4 * trials**2)) / spread
        return cls(value, max(0.0, middle - half), min(1.0, middle + half), trials)


@dataclass(frozen=True, slots=True)
class Expected:
    """Photos named right and wrong, products of the same kind that are not enrolled and other things given a name.

    products: the photos of each that are named right.
    """

    false_accepts: float
    right: Share
    wrong: Share
    look_alikes: Share
    others: Share
    products: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class Confused:
    """Photos of a product, `photos` of `trials`, are nearer to another product than to the product's other photos."""

    product: str
    other: str
    photos: int
    trials: int


class Estimate:
    """The trials of one bank; `at` decides them. Negatives are in the bank, and never asked about."""

    def __init__(self, gallery: Gallery) -> None:
        """Given a bank of at least one photo, put every photo to it."""
        self._gallery = gallery
        names = np.array(list(gallery.rows))
        column = {name: i for i, name in enumerate(gallery.rows)}
        asked = [row for row, product in enumerate(gallery.products) if product != NOT_A_PRODUCT]
        asked = asked[:: max(1, -(-len(asked) // SAMPLE))]
        self._own = np.array([column[gallery.products[row]] for row in asked], np.intp)
        self._names = names
        self._without_product = product_scores(gallery, gallery.vectors[asked])
        self._without_product[np.arange(len(asked)), self._own] = -np.inf
        self._without_photo = self._without_product.copy()
        for trial, row in enumerate(asked):
            others = gallery.rows[gallery.products[row]]
            others = others[others != row]
            if len(others):
                self._without_photo[trial, self._own[trial]] = (gallery.vectors[others] @ gallery.vectors[row]).max()
        self._fair = np.array([len(gallery.rows[gallery.products[row]]) > 1 for row in asked], bool)

    def at(self, rule: Rule) -> Expected:
        """Given how names are decided, return what to expect. Raise ValueError if the rule has no cohort."""
        if rule.cohort is None:
            raise ValueError("expected a rule with a cohort")
        decision = rule.decision(self._gallery)
        named, best = self._decide(decision, self._without_photo)
        right, fair = best == self._own, self._fair
        alike = self._decide(decision, self._without_product)[0] if len(self._names) > 1 else np.zeros(0, bool)
        others, _ = self._decide(decision, product_scores(self._gallery, rule.cohort.vectors))
        return Expected(
            rule.false_accepts,
            Share.of(int((named & right)[fair].sum()), int(fair.sum())),
            Share.of(int((named & ~right)[fair].sum()), int(fair.sum())),
            Share.of(int(alike.sum()), len(alike)),
            Share.of(int(others.sum()), len(others)),
            {
                str(name): Share.of(int((named & right)[mine].sum()), int(mine.sum()))
                for column, name in enumerate(self._names)
                if name != NOT_A_PRODUCT
                for mine in [fair & (self._own == column)]
            },
        )

    def confused(self) -> list[Confused]:
        """The pairs of products that are not told apart, those with the greatest share of photos first."""
        best = self._without_photo.argmax(axis=1)
        wrong = self._fair & (best != self._own)
        pairs = Counter(zip(self._own[wrong].tolist(), best[wrong].tolist(), strict=True))
        trials = np.bincount(self._own, minlength=len(self._names))
        found = [
            Confused(str(self._names[own]), str(self._names[other]), photos, int(trials[own]))
            for (own, other), photos in pairs.items()
        ]
        return sorted(found, key=lambda each: (-each.photos / each.trials, each.product, each.other))

    def _decide(self, decision: Decision, scores: Vectors) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.intp]]:
        """Given rows of best cosines (T, K), return whether each is given a name, and which column is nearest."""
        best = scores.argmax(axis=1)
        second = np.partition(scores, -2, axis=1)[:, -2] if scores.shape[1] > 1 else [None] * len(scores)
        needed = [decision.threshold(str(name), other) for name, other in zip(self._names[best], second, strict=True)]
        return (scores[np.arange(len(scores)), best] >= needed) & (self._names[best] != NOT_A_PRODUCT), best
