"""`python -m training VERB`: what runs on the workstation."""

import argparse
import sys

from edge.errors import EdgeError
from training.commands.arrange import add_arrange_arguments, run_arrange
from training.commands.average import add_average_arguments, run_average
from training.commands.draw import add_draw_arguments, run_draw
from training.commands.evaluate import add_evaluate_arguments, run_evaluate
from training.commands.report import add_report_arguments, run_report
from training.commands.train import add_export_arguments, add_train_arguments, run_export, run_train

VERBS = {
    "train": (
        "train a recipe on photos, go on where it was interrupted, and export",
        add_train_arguments,
        run_train,
    ),
    "average": ("average the weights of several runs of one recipe", add_average_arguments, run_average),
    "export": (
        "write a finished run as .tflite, with its card and golden crops",
        add_export_arguments,
        run_export,
    ),
    "draw": ("write photos of made-up products, to look at or to evaluate on", add_draw_arguments, run_draw),
    "arrange": (
        "put photos that a file names products for into a folder a product",
        add_arrange_arguments,
        run_arrange,
    ),
    "evaluate": (
        "measure an exported model on photos, and compare it with its card",
        add_evaluate_arguments,
        run_evaluate,
    ),
    "report": (
        "compare recipes, cross-validated over the products left out of training",
        add_report_arguments,
        run_report,
    ),
}
"""Of each: what it does, what adds its arguments, what runs it."""


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted and able to go on."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, (does, add_arguments, run) in VERBS.items():
        verb = verbs.add_parser(name, help=does)
        add_arguments(verb)
        verb.set_defaults(run=run)
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args))
    except EdgeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
