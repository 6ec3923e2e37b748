"""The plots of a report, each as PNG bytes. matplotlib is loaded with the first one."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from training.evaluation import metrics
from training.evaluation.protocol import ENROLLED, NON_PRODUCT, Trials

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = npt.NDArray[np.float64]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555")
"""Those of Okabe and Ito, which the colour-blind can tell apart."""

GENUINE, UNKNOWN, OTHER = "#0072b2", "#d55e00", "#999999"
LEAST_FAR = 1e-3


def impostors(table: Trials) -> npt.NDArray[np.float32]:
    """Given trials, return the best scores of probes whose own product is not enrolled."""
    other = table.only(ENROLLED).other
    return other[~np.isnan(other)]


def roc(tables: Mapping[str, Trials]) -> bytes:
    """Given trials by name, draw their receiver operating characteristics, false accepts on a logarithmic axis."""
    curves = {name: metrics.roc(table.only(ENROLLED).score, impostors(table)) for name, table in tables.items()}
    return _curves(curves, "accepted, product enrolled (TAR)", "ROC")


def oscr(tables: Mapping[str, Trials]) -> bytes:
    """Given trials by name, draw the share accepted and rightly named over false accepts."""
    curves = {}
    for name, table in tables.items():
        enrolled = table.only(ENROLLED)
        curves[name] = metrics.oscr(enrolled.score, enrolled.right, impostors(table))
    return _curves(curves, "accepted and rightly named (CCR)", "OSCR")


def histogram(table: Trials, thresholds: Mapping[str, float]) -> bytes:
    """Given trials and thresholds by what they are for, draw how the best scores are spread."""
    figure, axes = _figure()
    scores = {
        "product enrolled": (table.only(ENROLLED).score, GENUINE),
        "product not enrolled": (impostors(table), UNKNOWN),
        "not a product": (table.only(NON_PRODUCT).score, OTHER),
    }
    lowest = min(float(values.min()) for values, _ in scores.values() if len(values))
    bins = np.linspace(lowest, 1, 60).tolist()
    for name, (values, colour) in scores.items():
        if len(values):
            share = np.full(len(values), 100 / len(values))
            axes.hist(values, bins=bins, weights=share, histtype="stepfilled", alpha=0.45, color=colour, label=name)
    _mark(axes, thresholds)
    axes.set(xlabel="cosine to the nearest enrolled photo", ylabel="% of images", title="Scores")
    axes.legend(loc="upper left")
    return _png(figure)


def errors(table: Trials, thresholds: Mapping[str, float]) -> bytes:
    """Given trials and thresholds by what they are for, draw the two kinds of error over the threshold."""
    figure, axes = _figure()
    at = np.linspace(0, 1, 401)
    genuine, unknown, other = table.only(ENROLLED).score, impostors(table), table.only(NON_PRODUCT).score
    axes.plot(at, 100 * _below(genuine, at), color=GENUINE, label="rejected, product enrolled (FRR)")
    if len(unknown):
        axes.plot(at, 100 - 100 * _below(unknown, at), color=UNKNOWN, label="accepted, product not enrolled (FAR)")
    if len(other):
        axes.plot(at, 100 - 100 * _below(other, at), color=OTHER, label="accepted, not a product")
    _mark(axes, thresholds)
    axes.set(xlabel="threshold", ylabel="% of images", title="Errors over the threshold", xlim=(0.2, 1), ylim=(0, 100))
    axes.legend(loc="center left")
    return _png(figure)


def confusion(table: Trials) -> bytes:
    """Given trials, draw which product each product's probes were named, in percent of the row."""
    enrolled = table.only(ENROLLED)
    names = sorted({*enrolled.truth, *enrolled.named})
    matrix = np.zeros((len(names), len(names)))
    np.add.at(matrix, (np.searchsorted(names, enrolled.truth), np.searchsorted(names, enrolled.named)), 1)
    matrix = 100 * matrix[matrix.any(axis=1)] / matrix[matrix.any(axis=1)].sum(axis=1, keepdims=True)
    rows = sorted(set(enrolled.truth))
    side = max(4.0, 0.26 * len(names) + 2.2)
    figure, axes = _figure(side + 0.6, max(3.0, 0.26 * len(rows) + 2.2))
    axes.imshow(matrix, cmap="Blues", vmin=0, vmax=100, aspect="auto")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(rows)), rows, fontsize=7)
    if len(names) <= 40:
        for row, column in zip(*np.nonzero(matrix >= 0.5), strict=True):
            value = matrix[row, column]
            colour = "white" if value > 55 else "black"
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=6, color=colour)
    axes.grid(False)
    axes.set(xlabel="named", ylabel="product", title="Confusion, % of each product's probes")
    return _png(figure)


def intervals(rows: Mapping[str, Mapping[str, float]], title: str) -> bytes:
    """Given a figure with its interval by row, {"value", "low", "high"}, draw them one under another."""
    figure, axes = _figure(height=0.45 * len(rows) + 1.2)
    for place, figures in enumerate(rows.values()):
        low, high = figures.get("low", figures["value"]), figures.get("high", figures["value"])
        axes.plot([low, high], [place, place], color=COLOURS[place % len(COLOURS)], linewidth=3, alpha=0.5)
        axes.plot([figures["value"]], [place], "o", color=COLOURS[place % len(COLOURS)])
    axes.set_yticks(range(len(rows)), list(rows))
    axes.invert_yaxis()
    axes.set(title=title)
    return _png(figure)


def _curves(curves: Mapping[str, metrics.Curve], ylabel: str, title: str) -> bytes:
    figure, axes = _figure()
    for (name, curve), colour in zip(curves.items(), _cycle(len(curves)), strict=True):
        axes.step(np.maximum(curve.far, LEAST_FAR / 2), curve.rate, where="post", color=colour, label=name)
    chance = np.geomspace(LEAST_FAR, 1)
    axes.plot(chance, chance, color="#bbbbbb", linewidth=1, linestyle=":")
    axes.set_xscale("log")
    axes.set(xlabel="accepted, product not enrolled (FAR)", ylabel=ylabel, title=title)
    axes.set(xlim=(LEAST_FAR, 1), ylim=(0, 1.02))
    axes.legend(loc="lower right")
    return _png(figure)


def _below(scores: npt.NDArray[np.float32], at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    share: npt.NDArray[np.float64] = np.searchsorted(np.sort(scores), at) / len(scores)
    return share


def _mark(axes: "Axes", thresholds: Mapping[str, float]) -> None:
    for (name, threshold), style in zip(thresholds.items(), ("--", ":", "-.", "-"), strict=False):
        axes.axvline(threshold, color="black", linewidth=1, linestyle=style, label=f"{name}: {threshold:.3f}")


def _cycle(count: int) -> Sequence[str]:
    return [COLOURS[i % len(COLOURS)] for i in range(count)]


def reliability(sets: Mapping[str, tuple[Floats, npt.NDArray[np.bool_], Floats]], bins: int = 10) -> bytes:
    """Given confidences, whether each was right and its weight, by set, draw how often what was said came true."""
    figure, axes = _figure()
    axes.plot([0, 1], [0, 1], color="#999999", linestyle="--", label="as it should be")
    for (name, (confidence, right, weight)), colour in zip(sets.items(), COLOURS, strict=False):
        place = np.minimum((confidence * bins).astype(int), bins - 1)
        total, said, true = (
            np.bincount(place, weight * each, bins) for each in (np.ones(len(weight)), confidence, right)
        )
        held = total > 0.002 * weight.sum()
        axes.plot(said[held] / total[held], true[held] / total[held], "o-", color=colour, label=name)
    axes.set(xlabel="confidence", ylabel="share that was right", xlim=(0, 1), ylim=(0, 1), title="Reliability")
    axes.legend(loc="upper left")
    return _png(figure)


def _figure(width: float = 6.4, height: float = 4.2) -> tuple["Figure", "Axes"]:
    from matplotlib.figure import Figure

    figure = Figure((width, height), layout="constrained")
    axes = figure.subplots()
    axes.grid(True, alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _png(figure: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    return buffer.getvalue()
