"""The `bottlebank` command: its verbs, and how their errors reach the user.

A verb is a module of `edge.commands` with `add_arguments(parser)` and `run(args) -> int`, the exit code; the first line
of its docstring is its help. Verbs import what is heavy (numpy, OpenCV, the runtime) inside `run`, so that the parser
answers at once.
"""

import argparse
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence

from edge import __version__, exit_codes, threads
from edge.errors import EdgeError

VERBS = (
    "run",
    "replay",
    "capture",
    "demo",
    "identify",
    "embed",
    "enroll",
    "list",
    "check",
    "status",
    "bench",
)


def parser(names: Sequence[str] = VERBS) -> argparse.ArgumentParser:
    """The parser of the command line with these verbs."""
    top = argparse.ArgumentParser(prog="bottlebank", description="Says which product was put in front of the camera.")
    top.add_argument("--version", action="version", version=f"bottlebank {__version__}")
    verbs = top.add_subparsers(metavar="VERB", required=True)
    for name in names:
        module = importlib.import_module(f"edge.commands.{name}")
        text = (module.__doc__ or "").splitlines()[0]
        verb = verbs.add_parser(name, help=text, description=text)
        module.add_arguments(verb)
        verb.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Given the command line's words, run the verb and return its exit code; errors are told without a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name need not be text
    words = sys.argv[1:] if argv is None else argv
    threads.limit()
    try:
        args = parser(words[:1] if words and words[0] in VERBS else VERBS).parse_args(words)
        logging.basicConfig(format="bottlebank: %(message)s")
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains while it exits
        return exit_codes.PIPE
    except KeyboardInterrupt:
        return exit_codes.INTERRUPTED
    except (EdgeError, OSError) as error:
        for line in str(error).splitlines():
            print(f"bottlebank: {line}", file=sys.stderr)
        return exit_codes.code(error)


if __name__ == "__main__":
    sys.exit(main())
