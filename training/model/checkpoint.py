"""What survives an interruption: the progress of training, every weight and the optimizer, in one atomic file."""

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from edge.errors import StoreError
from edge.storage.files import write_atomic

Weights = list[npt.NDArray[Any]]


@dataclass(slots=True)
class Progress:
    """How far training has come.

    stage: index of the recipe's stage. epoch: finished epochs of it. step: finished steps of the epoch after those.
    total: finished epochs of all stages, which numbers the data. best: the stage's lowest validation loss.
    stale: epochs since it was lowest, or since the learning rate fell.
    """

    stage: int = 0
    epoch: int = 0
    step: int = 0
    total: int = 0
    best: float = float("inf")
    stale: int = 0


def _variables(model: keras.Model) -> list[Any]:
    """Weights, states of random generators, and the optimizer's, its learning rate among them."""
    metrics = {id(variable) for variable in model.metrics_variables}
    own = [variable for variable in model.variables if id(variable) not in metrics]
    return own + list(model.optimizer.variables)


def save(path: Path, progress: Progress, model: keras.Model) -> None:
    """Given a compiled model, write its whole state. Raise OSError if it cannot be written; the old one then stays."""
    values = [keras.ops.convert_to_numpy(variable) for variable in _variables(model)]
    _write(path, values, json.dumps(asdict(progress)))


def progress_of(path: Path) -> Progress:
    """Given a file of `save`, return the progress. Raise StoreError if it is none."""
    return Progress(**json.loads(_read(path)[1]))


def restore(path: Path, model: keras.Model) -> None:
    """Given a file of `save` and the same model compiled in the same way, set its whole state.

    Raise StoreError if the file is not of this model.
    """
    model.optimizer.build(model.trainable_variables)
    variables, values = _variables(model), _read(path)[0]
    if [tuple(variable.shape) for variable in variables] != [value.shape for value in values]:
        raise StoreError(f"checkpoint {path}: not of this model; use a new folder for another recipe or other photos")
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def save_weights(path: Path, model: keras.Model) -> None:
    """Given a model, write its weights alone."""
    _write(path, model.get_weights(), "")


def load_weights(path: Path) -> Weights:
    """Given a file of `save_weights`, return what `set_weights` takes. Raise StoreError if it is none."""
    return _read(path)[0]


def _write(path: Path, values: Weights, text: str) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, *values, text=np.array(text))
    write_atomic(path, buffer.getvalue())


def _read(path: Path) -> tuple[Weights, str]:
    try:
        with open(path, "rb") as content, np.load(content) as file:
            return [file[f"arr_{i}"] for i in range(len(file.files) - 1)], str(file["text"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise StoreError(f"checkpoint {path}: {error}; delete it to start over") from error
