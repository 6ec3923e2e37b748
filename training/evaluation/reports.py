"""The files of a report: report.html to look at, and report.json with the same figures."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edge.model.card import ModelCard
from training import recipe as recipes
from training.evaluation import page, protocol
from training.evaluation.comparison import Compared
from training.evaluation.results import ROUNDS, Result

SETTINGS = {"enrolled photos a product": protocol.SHOTS, "draws": protocol.DRAWS, "bootstrap rounds": ROUNDS}
"""What a report is measured with."""

SETTINGS_IN_WORDS = (
    f"{protocol.SHOTS} enrolled photos per product, {protocol.DRAWS} draws; 95 % intervals from {ROUNDS} bootstrap "
    "rounds over products."
)


def write_evaluation(out: Path, model: Path, card: ModelCard, results: Sequence[Result]) -> Path:
    """Given what a model can do, write its report into a folder, making it, and return the path of the page."""
    plain = {
        "model": {"file": model.name} | {k: v for k, v in dataclasses.asdict(card).items() if k != "operating_points"},
        "protocol": SETTINGS,
        "sets": [each.plain() for each in results],
    }
    return _write(out, plain, page.evaluation(model.name, card, SETTINGS_IN_WORDS, results))


def write_comparison(out: Path, compared: Sequence[Compared], folds: int) -> Path:
    """Given measured recipes, write their report into a folder, making it, and return the path of the page."""
    rows = [
        {
            "row": each.row.name,
            "folds": {"done": each.done, "of": len(each.row.folds)},
            "left out": [list(fold.left_out) for fold in each.row.folds],
            "recipe": recipes.described(each.row.recipe),
            "sets": [measured.plain() for measured in each.results],
        }
        for each in compared
    ]
    plain = {"protocol": SETTINGS | {"folds": folds}, "rows": rows}
    return _write(out, plain, page.comparison(SETTINGS_IN_WORDS, compared, folds))


def _write(out: Path, plain: dict[str, Any], html: str) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(json.dumps(plain, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    path = out / "report.html"
    path.write_text(html, encoding="utf-8")
    return path
