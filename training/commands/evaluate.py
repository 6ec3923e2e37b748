"""`python -m training evaluate`: what a model can do, on the exported file through the edge code."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from edge.errors import BadPhoto
from edge.model.card import ModelCard
from edge.model.cohort import load_cohort
from edge.model.embedder import Embedder
from training.evaluation import tables
from training.evaluation.at_decision import lines
from training.evaluation.evaluate import deciding, evaluate
from training.evaluation.reports import write_evaluation
from training.evaluation.reproduce import TOLERANCE, compare, not_measured, write_card
from training.evaluation.results import Result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="an exported .tflite, its card beside it")
    parser.add_argument("--photos", type=Path, action="append", required=True, help="a set of photos; may be repeated")
    parser.add_argument("--out", type=Path, help="folder for report.html and report.json (default reports/NAME)")
    parser.add_argument(
        "--far", type=float, default=0.01, help="false accept rate whose threshold is reported (default 0.01)"
    )
    parser.add_argument(
        "--write-card", action="store_true", help="write figures, operating points and threshold into the card"
    )


def run(args: argparse.Namespace) -> int:
    """Measure, report, and compare with the card. Return 0, or 1 if a figure differs from the card's."""
    if not 0 < args.far < 1:
        raise BadPhoto(f"--far: expected a rate between 0 and 1, got {args.far}")
    embedder = Embedder(args.model)
    card = embedder.card
    cohort = load_cohort(args.model, card.id, card.dimension)
    results = evaluate(embedder, args.photos, card.about.get("trained", ()), args.far, cohort)
    report = write_evaluation(args.out or Path("reports") / args.model.stem, args.model, card, results)
    for each in results:
        print("\n".join(["", each.name, *tables.figures(each)]))
        if each.decided:
            print("\n".join(["  at the installed decision, products never trained on:", *lines(each.decided)]))
    chosen = deciding(results[-1])
    point = next(point for point in chosen.operating if point.far == args.far)
    print(
        f"\nthreshold for {100 * args.far:g} % false accepts: {point.threshold:.3f}, accepts {point.tar:.3f} of genuine"
    )
    print(f"report: {report}")
    if args.write_card:
        write_card(card, args.model, results, chosen.operating, point.threshold)
        print(f"written to the card {args.model.with_suffix('.yaml')}")
        return 0
    return _compare(card, results)


def _compare(card: ModelCard, results: Sequence[Result]) -> int:
    if not card.about.get("figures"):
        print("the card has no figures yet; --write-card writes these")
        return 0
    agree, differ = compare(card, results)
    for name in not_measured(card, results):
        print(f"not measured now: {name}")
    if differ or not agree:
        print("not reproduced:", *(differ or ["none of the card's sets was given"]), sep="\n")
        return 1
    print(f"reproduced: {agree} figures are the card's, within {TOLERANCE}")
    return 0
