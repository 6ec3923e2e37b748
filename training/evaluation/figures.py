"""From trials to figures with their intervals."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from edge.errors import BadPhoto
from training.evaluation import metrics
from training.evaluation.embedded import EmbeddedSet
from training.evaluation.protocol import DRAWS, ENROLLED, HALF_KNOWN, HALF_UNKNOWN, NON_PRODUCT, Trials, join, trials

GENUINE_KEPT = 0.95
FARS = (0.01, 0.001)
FIGURES = {
    "accuracy": "probes whose nearest enrolled photo is of their product",
    "auroc": "area under the ROC of best scores: own product enrolled against own product not enrolled",
    "auroc_half": "the same with half of the products not enrolled, each half in turn",
    "oscr": "area under the rate of probes accepted and rightly named, over the false accept rate",
    "tar_at_far_0.01": "probes accepted where 1 % would be accepted if their product were not enrolled",
    "tar_at_far_0.001": "the same at 0.1 %",
    "eer": "where as many are rejected as would be accepted if their product were not enrolled",
    "unknown_rejected": "probes rejected, product not enrolled, at the threshold that keeps 95 % of those enrolled",
    "non_products_rejected": "non-products rejected at that threshold",
    "threshold_keeping_0.95": "that threshold",
    "threshold_at_far_0.01": "the least threshold that accepts at most 1 % of probes whose product is not enrolled",
    "threshold_at_far_0.001": "the same for 0.1 %",
}

GROUPS = {
    "trained": "probes of products trained on, every product enrolled",
    "never-trained": "probes of products never trained on, every product enrolled",
    "never-trained-alone": "the same, with only products never trained on enrolled",
    "both": "probes of every product, every product enrolled",
}

Measured = dict[str, dict[str, float]]
"""{figure: {"value", "low", "high"}}: the 95 % bootstrap interval over products; value alone where none was asked."""


def grouped_trials(folds: Sequence[EmbeddedSet], draws: int = DRAWS) -> dict[str, Trials]:
    """Given the same photos embedded by one model, or by one for each fold of left-out products, return the trials of
    each group of products, all folds in one table. A group without products is left out.

    Products trained on are probed only with photos of test/, since any others may have been trained on.
    Raise ValueError if the folds are not of the same photos, BadPhoto if no group has products.
    """
    if any(fold.photos != folds[0].photos for fold in folds):
        raise ValueError("the folds are not of the same photos; embed one set with every fold's model")
    parts: dict[str, list[Trials]] = {group: [] for group in GROUPS}
    for fold in folds:
        if fold.trained and not fold.mixes_training:
            parts["trained"].append(trials(fold, fold.trained, fold.never_trained, draws=draws))
        if fold.never_trained:
            parts["never-trained"].append(trials(fold, fold.never_trained, fold.trained, draws=draws))
        if fold.trained and fold.never_trained:
            parts["never-trained-alone"].append(trials(fold, fold.never_trained, draws=draws))
        if fold.trained and fold.never_trained and not fold.mixes_training:
            parts["both"].append(trials(fold, fold.products, draws=draws))
    if not any(parts.values()):
        raise BadPhoto("every product was trained on, and there is no test/ of photos that were not; give other photos")
    return {group: join(tables) for group, tables in parts.items() if tables}


def measure(table: Trials, *, rounds: int = 0, seed: int = 0) -> Measured:
    """Given trials, return each figure that they define, with intervals if there are bootstrap rounds.

    The bootstrap draws products, and photos of non-products, each with all their trials.
    """
    kinds = {kind: table.kind == kind for kind in (ENROLLED, NON_PRODUCT, HALF_KNOWN, HALF_UNKNOWN)}
    score, other, right = table.score, table.other, table.right

    def values(rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        enrolled, non_products, half_known, half_unknown = (rows[mask[rows]] for mask in kinds.values())
        genuine, impostor = score[enrolled], other[enrolled]
        impostor = impostor[~np.isnan(impostor)]
        keeping = metrics.threshold_keeping(genuine, GENUINE_KEPT)
        return np.array([
            right[enrolled].mean(),
            metrics.auroc(genuine, impostor),
            metrics.auroc(score[half_known], score[half_unknown]),
            metrics.oscr_area(genuine, right[enrolled], impostor),
            *(metrics.tar_at_far(genuine, impostor, far) for far in FARS),
            metrics.eer(genuine, impostor),
            metrics.rejected(impostor, keeping),
            metrics.rejected(score[non_products], keeping),
            keeping,
            *(metrics.threshold_at_far(impostor, far) for far in FARS),
        ])  # fmt: skip

    figures = zip(FIGURES, values(np.arange(len(score))), strict=True)
    measured = {name: {"value": float(value)} for name, value in figures if not math.isnan(value)}
    if rounds:
        is_product = table.kind != NON_PRODUCT
        groups = np.where(is_product, table.truth, np.char.add("photo ", table.probe.astype(str)))
        intervals = metrics.bootstrap(values, groups, is_product.astype(str), rounds=rounds, seed=seed)
        for name, interval in zip(FIGURES, intervals, strict=True):
            if name in measured and not math.isnan(interval.low):
                measured[name] |= interval._asdict()
    return measured
