"""Recipes compared, cross-validated over left-out products: `python -m training report`."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from edge.errors import BadPhoto
from training import recipe as recipes
from training.commands.evaluate import explained, settings
from training.commands.train import MODEL, STOPPED
from training.evaluation import page, plots
from training.evaluation.crossvalidate import RecipeRow, Study, embed, finished, load_study, plan, train
from training.evaluation.figures import GROUPS, Measured
from training.evaluation.results import Result, result

NEVER = ("never-trained", "never-trained-alone")
ROWS = ("imagenet", "original", "softmax", "arcface", "made-up", "default")
COLUMNS = (
    "accuracy", "auroc", "auroc_half", "oscr", "tar_at_far_0.01", "tar_at_far_0.001", "eer", "unknown_rejected",
    "non_products_rejected",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """A row, measured. done: how many of its folds are there. results: of each set."""

    row: RecipeRow
    done: int
    results: tuple[Result, ...]

    @property
    def label(self) -> str:
        part = "" if self.done == len(self.row.folds) else f" ({self.done} of {len(self.row.folds)} folds)"
        return self.row.name + part


def add_report_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--photos",
        type=Path,
        action="append",
        required=True,
        help="a set whose products are left out in turn; may be repeated",
    )
    parser.add_argument(
        "--also",
        type=Path,
        action="append",
        default=[],
        help="a folder of products that every fold trains on; may be repeated",
    )
    parser.add_argument(
        "--unseen", type=Path, action="append", default=[], help="a set that is never trained on; may be repeated"
    )
    parser.add_argument("--unlabelled", type=Path, action="append", default=[], help="a folder of photos to distill on")
    parser.add_argument(
        "--rows", default=",".join(ROWS), help=f"recipes, names or files, with commas (default {','.join(ROWS)})"
    )
    parser.add_argument("--k", type=int, default=4, help="number of folds (default 4)")
    parser.add_argument("--folds", help="which of them to train now, such as 0,2; none: only report (default all)")
    parser.add_argument("--runs", type=Path, default=Path("runs/report"), help="their folder (default runs/report)")
    parser.add_argument("--out", type=Path, default=Path("reports/report"), help="folder of the report")


def run_report(args: argparse.Namespace) -> int:
    """Train what is missing, measure all that is there, and report. Return 0, or 130 if a training was interrupted."""
    study = Study(tuple(args.photos), tuple(args.also), tuple(args.unseen), tuple(args.unlabelled), args.runs, args.k)
    rows = [plan(source, study) for source in args.rows.split(",")]
    wanted = _numbers(args.folds, args.k)
    for row in rows:
        for fold in (fold for fold in row.folds if not finished(fold, study)):
            if fold.number in wanted:
                print(f"{row.name}, fold {fold.number} of {len(row.folds)}: {fold.folder}", flush=True)
                if not train(row, fold, study):
                    print("stopped; the same command goes on")
                    return STOPPED
            if (fold.folder / MODEL).exists():
                embed(fold, study)
    compared = [each for each in (compare(row, study) for row in rows) if each.done]
    if not compared:
        raise BadPhoto(f"report: no fold is finished in {args.runs}; without --folds they are trained")
    write(args.out, compared, args.k)
    print("\n".join(tables(compared)))
    print(f"report: {args.out / 'report.html'}")
    return 0


def compare(row: RecipeRow, study: Study) -> Compared:
    """Given a row, measure the folds whose vectors of all sets are there.

    One that trained on no photos is measured in the same folds as the others, its one model for each.
    """
    there = [[load_study(fold, folder) for folder in study.sets] for fold in row.folds]
    done = [[each for each in fold if each is not None] for fold in there if None not in fold]
    results = []
    for place, folder in enumerate(study.sets if done else ()):
        by_fold = [fold[place] for fold in done]
        if folder in study.photos and not row.recipe.uses_photos:
            by_fold = [replace(by_fold[0], left_out=tuple(part)) for part in study.parts]
        measured = result(folder.resolve().name, by_fold)
        results.append(measured if row.recipe.uses_photos else measured.only(*NEVER))
    return Compared(row, len(done), tuple(results))


def tables(compared: Sequence[Compared]) -> list[str]:
    """Given measured rows, return a Markdown table for each set and group of products, as lines."""
    lines = []
    for heading, figures in _by_group(compared).items():
        lines += ["", f"**{heading}**", "", "| | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
        for label, measured in figures.items():
            lines.append(f"| {label} | " + " | ".join(_cell(measured, name) for name in COLUMNS) + " |")
    return [*lines, ""]


def write(out: Path, compared: Sequence[Compared], k: int) -> None:
    """Write report.html and report.json into a folder, making it."""
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
    plain = {"protocol": settings() | {"folds": k}, "rows": rows}
    page.write(out / "report.json", json.dumps(plain, indent=1, allow_nan=False) + "\n")
    page.write(out / "report.html", page.page("Recipes compared", _parts(compared, k)))


def _parts(compared: Sequence[Compared], k: int) -> list[str]:
    parts = [
        f"<p>Each product is left out of training in one of {k} folds, and probed as never-trained by the model of "
        f"that fold. {explained()}</p>"
    ]
    for heading, figures in _by_group(compared).items():
        parts.append(f"<h2>{heading}</h2>")
        cells = ([label, *(page.cell(each, name) for name in COLUMNS)] for label, each in figures.items())
        parts.append(page.table(["", *COLUMNS], cells))
        for name in ("accuracy", "auroc"):
            parts.append(page.picture(plots.intervals({label: each[name] for label, each in figures.items()}, name)))
    trials = {each.label: each.results[0].groups["never-trained"].trials for each in compared}
    parts.append("<h2>Never-trained products</h2>")
    parts += [page.picture(plots.roc(trials)), page.picture(plots.oscr(trials))]
    for each in compared:
        inside = "".join(page.section(measured.only(NEVER[0])) for measured in each.results)
        parts.append(f"<h2>{each.label}</h2><details><summary>plots and mistakes</summary>{inside}</details>")
    return parts


def _by_group(compared: Sequence[Compared]) -> dict[str, dict[str, Measured]]:
    """The figures of each row under a heading for each set and group, in the order of sets and GROUPS."""
    found: dict[str, dict[str, Measured]] = {}
    for place, first in enumerate(compared[0].results):
        for group in GROUPS:
            rows = {
                each.label: each.results[place].groups[group].figures
                for each in compared
                if group in each.results[place].groups
            }
            if rows:
                found[f"{first.name}: {group}"] = rows
    return found


def _cell(measured: Measured, name: str) -> str:
    figure = measured.get(name)
    return "–" if figure is None else f"{figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})"


def _numbers(folds: str | None, k: int) -> set[int]:
    if folds is None:
        return set(range(k))
    named = [] if folds == "none" else folds.split(",")
    if not set(named) <= {str(number) for number in range(k)}:
        raise BadPhoto(f"--folds: expected numbers from 0 to {k - 1} with commas, or none, got {folds}")
    return {int(number) for number in named}
