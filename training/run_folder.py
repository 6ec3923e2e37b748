"""The folder of a run: the names of its files, and whether it is finished."""

from pathlib import Path

from edge.errors import BadModel

RECIPE = "recipe.yaml"
"""Every key of the recipe."""

CLASSES = "classes.txt"
"""The names of the classes, one a line: the products, then the made-up ones."""

STATE = "state.npz"
"""The latest checkpoint."""

BEST = "best.npz"
"""The best weights of the current stage."""

HISTORY = "history.jsonl"
"""The figures of each epoch, one JSON object a line."""

TENSORBOARD = "tensorboard"
"""The same figures for `tensorboard --logdir`."""

EXTRACTOR = "extractor.keras"
"""The trained extractor."""

DATA = "data.yaml"
"""The names of the folders trained on, and of the products left out."""

CROPS = "crops.npz"
"""representative: crops that int8 takes its ranges from. golden: drawn crops, which may ship with the model."""

DRAWN = "made-up"
"""Beside the folder: the views of made-up products, which all runs there share."""

MODEL = "model.tflite"
"""The exported model, in the folder of a fold."""


def check_finished(run: Path) -> None:
    """Given a run's folder, raise BadModel unless its training is finished."""
    if not (run / EXTRACTOR).exists() or not (run / CROPS).exists():
        raise BadModel(f"run {run}: not finished; continue it with `python -m training train` and the same recipe")
