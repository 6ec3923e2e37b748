"""`python -m training VERB`: what runs on the workstation."""

import argparse
import sys

from edge.errors import EdgeError
from training.arrange import add_arrange_arguments, run_arrange
from training.average import add_average_arguments, run_average
from training.draw import add_draw_arguments, run_draw
from training.evaluate import add_evaluate_arguments, run_evaluate
from training.report import add_report_arguments, run_report
from training.verbs import add_export_arguments, add_train_arguments, run_export, run_train


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted and able to go on."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    train = verbs.add_parser("train", help="train a recipe on photos, go on where it was interrupted, and export")
    add_train_arguments(train)
    train.set_defaults(run=run_train)
    export = verbs.add_parser("export", help="write a finished run as .tflite, with its card and golden crops")
    add_export_arguments(export)
    export.set_defaults(run=run_export)
    average = verbs.add_parser("average", help="average the weights of several runs of one recipe")
    add_average_arguments(average)
    average.set_defaults(run=run_average)
    draw = verbs.add_parser("draw", help="write photos of made-up products, to look at or to evaluate on")
    add_draw_arguments(draw)
    draw.set_defaults(run=run_draw)
    arrange = verbs.add_parser("arrange", help="put photos that a file names products for into a folder a product")
    add_arrange_arguments(arrange)
    arrange.set_defaults(run=run_arrange)
    evaluate = verbs.add_parser("evaluate", help="measure an exported model on photos, and compare it with its card")
    add_evaluate_arguments(evaluate)
    evaluate.set_defaults(run=run_evaluate)
    report = verbs.add_parser("report", help="compare recipes, cross-validated over the products left out of training")
    add_report_arguments(report)
    report.set_defaults(run=run_report)
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args))
    except EdgeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
