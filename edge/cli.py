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
from typing import Any

from edge import __version__, exit_codes, threads
from edge.errors import EdgeError, StoreError

COMMANDS = {
    "run": "Watch the camera, and report what is put before it and taken away, until stopped.",
    "replay": "Report what happens in a video or a folder of images, as the service would, as fast as possible.",
    "background": "Learn the empty scene now, so that what stands there when the service starts is reported.",
    "capture": "Take enrollment photos of the one object that stands before the camera, also while the service runs.",
    "demo": "Show everything on a drawn scene: enroll photos, then name what is put down, turned, swapped and taken.",
    "identify": "Name the product in each image; images are taken whole, as they are.",
    "embed": "Write the embeddings of a folder's images to a NumPy file.",
    "enroll": "Bring the bank in step with the enrollment folder once, and report what changed.",
    "list": "List what is enrolled, and the files that are refused or ignored with the reason.",
    "review": "List the answers that may be wrong, with what they were nearest to and their pictures.",
    "correct": "Say what a placement really was: its picture is enrolled as that product, or as no product.",
    "calibrate": "Say how many placements get the right name, a wrong one or none, and which products look alike.",
    "check": "Check the configuration, the camera, the model and the bank, and say how to fix what does not work.",
    "status": "Show whether the service runs, what happened last, what stands before the camera, and what is enrolled.",
    "events": "Print the recorded events: what was put before the camera and taken away, and when.",
    "bench": "Measure what the service costs on this machine, relative to one bare run of the model.",
}
"""Each command with its line of help."""


class HelpWithDefaults(argparse.HelpFormatter):
    """Help that ends each option that has a default with it."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        if action.default in (None, False, argparse.SUPPRESS) or not action.option_strings:
            return action.help
        return f"{action.help} (default: %(default)s)"


class PrintCompletion(argparse.Action):
    """Prints the completion of every command, and ends."""

    def __call__(self, top: argparse.ArgumentParser, args: argparse.Namespace, shell: Any, option: Any = None) -> None:
        """Given the name of a shell, print the script. Raise BadArguments if that cannot be."""
        module = importlib.import_module("edge.console.completion")
        print(module.completion(parser(loaded=COMMANDS), shell))
        top.exit()


def parser(commands: Mapping[str, str] = COMMANDS, loaded: Collection[str] = ()) -> argparse.ArgumentParser:
    """The parser of the command line; of the commands in `loaded` it also knows the options."""
    top = argparse.ArgumentParser(prog="bottlebank", description="Says which product was put in front of the camera.")
    top.add_argument("--version", action="version", version=f"bottlebank {__version__}")
    text = "print what the shell needs to complete commands and options, such as bash, zsh or fish"
    top.add_argument("--print-completion", action=PrintCompletion, metavar="SHELL", help=text)
    subparsers = top.add_subparsers(metavar="COMMAND", required=True)
    for name, text in commands.items():
        command = subparsers.add_parser(name, help=text, description=text, formatter_class=HelpWithDefaults)
        if name in loaded:
            module = importlib.import_module(f"edge.commands.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None, commands: Mapping[str, str] = COMMANDS) -> int:
    """Given the words of the command line, run the command and return its exit code; errors are one line each."""
    words = sys.argv[1:] if argv is None else argv
    threads.limit()
    if sys.stdout is None:  # the first file that is opened would take its place
        return report(StoreError("standard output: closed; expected a terminal, a file or a pipe, try: >/dev/null"))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name need not be text
    code = exit_codes.OK
    error: EdgeError | OSError | None = None
    fault: OSError | None = None
    try:
        args = parser(commands, words[:1]).parse_args(words)
        logging.basicConfig(format="bottlebank: %(message)s")
        code = args.run(args)
    except KeyboardInterrupt:
        code = exit_codes.INTERRUPTED
    except EdgeError as caught:
        error = caught
    except OSError as caught:
        if caught.strerror and caught.filename is None:  # print raises these; what opens and writes files names them
            fault = caught
        error = caught
    if fault := flush_stdout() or fault:
        if isinstance(fault, BrokenPipeError):
            return exit_codes.PIPE
        error = StoreError(f"standard output: {fault.strerror}; free some space, or write it elsewhere")
    return report(error) if error else code


def flush_stdout() -> OSError | None:
    """Write out what was printed; where that fails, return why, and discard it, else Python complains at its exit."""
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return error
    return None


def report(error: EdgeError | OSError) -> int:
    """Given an error, print it, each line with the program's name before it, and return the exit code."""
    text = str(error)
    if not isinstance(error, EdgeError) and error.filename:
        text = f"{error.filename}: {error.strerror}"
    for line in text.splitlines():
        print(f"bottlebank: {line}", file=sys.stderr)
    return exit_codes.code(error)


if __name__ == "__main__":
    sys.exit(main())
