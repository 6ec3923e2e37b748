"""A set of photos measured: its figures with intervals, what each threshold costs, and the digest of its photos."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from training.data.photos import Photo
from training.evaluation import metrics
from training.evaluation.at_decision import Outcome
from training.evaluation.embedded import EmbeddedSet
from training.evaluation.figures import Measured, grouped_trials, measure
from training.evaluation.protocol import ENROLLED, NON_PRODUCT, Trials

ROUNDS = 1000
"""Of the bootstrap."""

OPERATING_FARS = (0.1, 0.05, 0.01, 0.005, 0.001)


@dataclass(frozen=True, slots=True)
class Operating:
    """What the least threshold that keeps false accepts at `far` does.

    tar: share of probes accepted whose product is enrolled. ccr: share accepted and rightly named. non_products: share
    of non-products accepted, None without any. All shares in 0..1.
    """

    far: float
    threshold: float
    tar: float
    ccr: float
    non_products: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of products, measured: see figures.GROUPS."""

    trials: Trials
    figures: Measured
    operating: tuple[Operating, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A set, measured. groups: by their names, in the order of figures.GROUPS. Rows of trials refer to `photos`.

    decided: what a user gets at the installed decision, by the number of photos of each product; empty without a cohort
    or enough new products.
    """

    name: str
    photos: tuple[Photo, ...]
    groups: dict[str, Group]
    decided: dict[int, Outcome] = field(default_factory=dict)

    def only(self, *groups: str) -> "Result":
        """The same with these groups alone."""
        return replace(self, groups={name: group for name, group in self.groups.items() if name in groups})

    def plain(self) -> dict[str, Any]:
        """What JSON holds of it."""
        return {
            "set": self.name,
            "photos": digest(self.photos),
            "decided": {photos: each.plain() for photos, each in self.decided.items()},
            "groups": {
                name: {
                    "products": sorted(set(group.trials.only(ENROLLED).truth.tolist())),
                    "probes": len(group.trials.only(ENROLLED).truth),
                    "figures": group.figures,
                    "operating_points": [asdict(point) for point in group.operating],
                }
                for name, group in self.groups.items()
            },
        }


def result(
    name: str, folds: Sequence[EmbeddedSet], fars: Sequence[float] = OPERATING_FARS, rounds: int = ROUNDS
) -> Result:
    """Given a set embedded by one model, or by one for each fold, measure it. Raise as `grouped_trials` does."""
    groups = {
        group: Group(table, measure(table, rounds=rounds), tuple(operating(table, far) for far in fars))
        for group, table in grouped_trials(folds).items()
    }
    return Result(name, folds[0].photos, groups)


def operating(table: Trials, far: float) -> Operating:
    """Given trials and a false accept rate in 0..1, return what its threshold does."""
    enrolled, non_products = table.only(ENROLLED), table.only(NON_PRODUCT)
    impostor = enrolled.other[~np.isnan(enrolled.other)]
    threshold = metrics.threshold_at_far(impostor, far)
    taken = enrolled.score >= threshold
    return Operating(
        far,
        threshold,
        float(taken.mean()),
        float((taken & enrolled.right).mean()),
        metrics.accepted(non_products.score, threshold) if len(non_products.score) else None,
    )


def digest(photos: Sequence[Photo]) -> str:
    """Given photos, return what tells them from any others: 12 hexadecimal digits of the SHA-256 of their contents."""
    contents = sorted(
        hashlib.sha256(f"{photo.product}/{photo.role}/".encode() + photo.path.read_bytes()).digest() for photo in photos
    )
    return hashlib.sha256(b"".join(contents)).hexdigest()[:12]
