"""`python -m training report`: recipes compared, cross-validated over left-out products."""

import argparse
from pathlib import Path

from edge.errors import BadPhoto
from training.evaluation import tables
from training.evaluation.comparison import compare
from training.evaluation.crossvalidate import Study, embed, finished, plan, train
from training.evaluation.reports import write_comparison
from training.process import STOPPED
from training.run_folder import MODEL

ROWS = ("imagenet", "original", "softmax", "arcface", "made-up", "default")


def add_arguments(parser: argparse.ArgumentParser) -> None:
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


def run(args: argparse.Namespace) -> int:
    """Train what is missing, measure all that is there, and report. Return 0, or 130 if a training was interrupted."""
    study = Study(tuple(args.photos), tuple(args.also), tuple(args.unseen), tuple(args.unlabelled), args.runs, args.k)
    rows = [plan(source, study) for source in args.rows.split(",")]
    wanted = _numbers(args.folds, args.k)
    for row in rows:
        for fold in (fold for fold in row.folds if not finished(fold, study)):
            if fold.number in wanted:
                print(f"{row.name}, fold {fold.number} of {len(row.folds)}: {fold.folder}", flush=True)
                if not train(row, fold, study):
                    print("stopped; the same command continues")
                    return STOPPED
            if (fold.folder / MODEL).exists():
                embed(fold, study)
    compared = [each for each in (compare(row, study) for row in rows) if each.done]
    if not compared:
        raise BadPhoto(f"report: no fold is finished in {args.runs}; without --folds they are trained")
    report = write_comparison(args.out, compared, args.k)
    print("\n".join(tables.comparison(compared)))
    print(f"report: {report}")
    return 0


def _numbers(folds: str | None, k: int) -> set[int]:
    if folds is None:
        return set(range(k))
    named = [] if folds == "none" else folds.split(",")
    if not set(named) <= {str(number) for number in range(k)}:
        raise BadPhoto(f"--folds: expected numbers from 0 to {k - 1} with commas, or none, got {folds}")
    return {int(number) for number in named}
