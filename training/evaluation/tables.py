"""Figures as tables of text, for the terminal and for Markdown."""

from collections.abc import Sequence

from training.evaluation.comparison import Compared, by_group
from training.evaluation.figures import FIGURES
from training.evaluation.results import Result

COLUMNS = (
    "accuracy", "auroc", "auroc_half", "oscr", "tar_at_far_0.01", "tar_at_far_0.001", "eer", "unknown_rejected",
    "non_products_rejected",
)  # fmt: skip
"""The figures by which recipes are compared."""


def figures(result: Result) -> list[str]:
    """Given a measured set, return its figures as the lines of a table, a column for each group."""
    width = 26
    rows = [f"  {'':24}" + "".join(f"{name:<{width}}" for name in result.groups)]
    for name in FIGURES:
        cells = [_cell(group.figures.get(name), " to ", "-") for group in result.groups.values()]
        rows.append(f"  {name:24}" + "".join(f"{cell:<{width}}" for cell in cells))
    return [row.rstrip() for row in rows]


def comparison(compared: Sequence[Compared]) -> list[str]:
    """Given measured rows, return a Markdown table for each set and group of products, as lines."""
    lines = []
    for heading, rows in by_group(compared).items():
        lines += ["", f"**{heading}**", "", "| | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
        for label, measured in rows.items():
            lines.append(f"| {label} | " + " | ".join(_cell(measured.get(name), "–", "–") for name in COLUMNS) + " |")
    return [*lines, ""]


def _cell(figure: dict[str, float] | None, to: str, missing: str) -> str:
    if figure is None:
        return missing
    bounds = f" ({figure['low']:.3f}{to}{figure['high']:.3f})" if "low" in figure else ""
    return f"{figure['value']:.3f}{bounds}"
