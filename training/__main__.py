"""`python -m training COMMAND`: what runs on the workstation.

A command is a module of training.commands with `add_arguments(parser)` and `run(args) -> int`, the exit code. Only the
chosen one is imported.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from edge.errors import EdgeError
from training.process import STOPPED

COMMANDS = {
    "train": "train a recipe on photos, continue an interrupted run, and export",
    "average": "average the weights of several runs of one recipe",
    "export": "write a finished run as .tflite, with its card and golden crops",
    "draw": "write photos of made-up products, to look at or to evaluate on",
    "scans": "write photos of scanned products, to evaluate on",
    "arrange": "sort photos into one folder per product, as a file names them",
    "cohort": "write the cohort of an exported model, from which the Pi gets each bank's thresholds",
    "evaluate": "measure an exported model on photos, and compare it with its card",
    "report": "compare recipes, cross-validated over the products left out of training",
}


def parser(chosen: str | None) -> argparse.ArgumentParser:
    """The parser of all commands, with the arguments of the chosen one."""
    top = argparse.ArgumentParser(prog="python -m training", description="What runs on the workstation.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        if name == chosen:
            module = importlib.import_module(f"training.commands.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        args = parser(words[0] if words else None).parse_args(words)
        return int(args.run(args))
    except KeyboardInterrupt:
        return STOPPED
    except (EdgeError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
    except ModuleNotFoundError as error:
        print(
            f"error: {error.name} is not installed; `pip install '.[training]'` installs what training needs",
            file=sys.stderr,
        )
    return 1


if __name__ == "__main__":
    sys.exit(main())
