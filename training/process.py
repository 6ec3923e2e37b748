"""Training as a process: how it is asked to stop, and a run in a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from edge.errors import BadModel
from training.run_folder import MODEL

STOPPED = 130
"""Exit code of a training that was interrupted and can be continued."""

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def asked_to_stop() -> Callable[[], bool]:
    """Return a function that says whether this process has been asked to stop, by Ctrl-C or SIGTERM."""
    asked: list[int] = []
    for number in _STOP_SIGNALS:
        signal.signal(number, lambda received, _: asked.append(received))
    return lambda: bool(asked)


def training_command(
    recipe: str, photos: Sequence[Path], folder: Path, left_out: Sequence[str], unlabelled: Sequence[Path] = ()
) -> list[str]:
    """Given a recipe, sets and products to leave out, return the command that trains in `folder`, up to its MODEL."""
    command = [sys.executable, "-m", "training", "train", recipe, "--run", str(folder)]
    for option, folders in (("--photos", photos), ("--unlabelled", unlabelled)):
        for each in folders:
            command += [option, str(each)]
    return [*command, "--leave-out", ",".join(left_out), "--out", str(folder / MODEL), "--precision", "float32"]


def run_training(command: Sequence[str]) -> bool:
    """Given the command of a training, run it. Ctrl-C and SIGTERM are passed on to it.

    Return False if it was interrupted and can be continued. Raise BadModel if it fails.
    """
    with subprocess.Popen(command) as process:
        before = {
            number: signal.signal(number, lambda received, _: process.send_signal(received)) for number in _STOP_SIGNALS
        }
        code = process.wait()
        for number, handler in before.items():
            signal.signal(number, handler)
    if code not in (0, STOPPED):
        raise BadModel(f"{' '.join(command)}: exit code {code}; see what it printed")
    return code == 0
