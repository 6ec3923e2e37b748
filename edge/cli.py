"""The `bottlebank` command line, and how errors reach the user.

A command is a module of `edge.commands` with `add_arguments(parser)` and `run(args) -> int`, the exit code. Only the
module of the command that runs is imported, so that `bottlebank --help` answers at once.
"""

import argparse
import importlib
import io
import logging
import os
import sys
from collections.abc import Collection, Mapping, Sequence

from edge import __version__, exit_codes, threads
from edge.errors import EdgeError

COMMANDS = {
    "run": "Watch the camera, and report what is put before it and taken away, until stopped.",
    "replay": "Report what happens in a video or a folder of images, as the service would, as fast as possible.",
    "capture": "Take enrollment photos of the one object that stands before the camera, also while the service runs.",
    "demo": "Show everything on a drawn scene: enroll photos, then name what is put down, turned, swapped and taken.",
    "identify": "Name the product in each image; images are taken whole, as they are.",
    "embed": "Write the embeddings of a folder's images to a NumPy file.",
    "enroll": "Bring the bank in step with the enrollment folder once, and report what changed.",
    "list": "List what is enrolled, and the files that are refused or ignored with the reason.",
    "check": "Check the configuration, the camera, the model and the bank, and say how to fix what does not work.",
    "status": "Show what happened last, what stands before the camera, and how much is enrolled.",
    "bench": "Measure what the service costs on this machine, relative to one bare run of the model.",
}
"""Each command with its line of help."""


def parser(commands: Mapping[str, str] = COMMANDS, loaded: Collection[str] = ()) -> argparse.ArgumentParser:
    """The parser of the command line; of the commands in `loaded` it also knows the options."""
    top = argparse.ArgumentParser(prog="bottlebank", description="Says which product was put in front of the camera.")
    top.add_argument("--version", action="version", version=f"bottlebank {__version__}")
    subparsers = top.add_subparsers(metavar="COMMAND", required=True)
    for name, text in commands.items():
        command = subparsers.add_parser(name, help=text, description=text)
        if name in loaded:
            module = importlib.import_module(f"edge.commands.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None, commands: Mapping[str, str] = COMMANDS) -> int:
    """Given the words of the command line, run the command and return its exit code; errors are one line each."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name need not be text
    words = sys.argv[1:] if argv is None else argv
    threads.limit()
    try:
        args = parser(commands, words[:1]).parse_args(words)
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
