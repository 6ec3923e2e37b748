"""The average of the weights of several runs of one recipe: `python -m training average`.

Runs that began at the same weights and saw other products or another order end in one valley, and the middle of it
often does better than they do, most of all on what none was trained on: Wortsman et al., "Model soups", ICML 2022,
arXiv:2203.05482.
"""

import argparse
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from edge.errors import BadConfig, BadModel
from training import recipe as recipes
from training.commands.train import CROPS, DATA

EXTRACTOR = "extractor.keras"

Weights = list[npt.NDArray[np.float32]]


def add_average_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folder of a finished run")
    parser.add_argument("--out", type=Path, required=True, help="folder of the averaged run, to be exported")


def run_average(args: argparse.Namespace) -> int:
    """Write a run's folder with the averaged extractor. Return 0.

    Raise BadModel if a run is not finished, BadConfig if their recipes differ in more than the seed.
    """
    for run in args.runs:
        if not (run / EXTRACTOR).exists() or not (run / CROPS).exists():
            raise BadModel(f"run {run}: not finished; `python -m training train` with the same recipe goes on")
    _check_recipes(args.runs)
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras

    from training.model import arcface, backbones  # noqa: F401  (they register the layers)

    models = [keras.saving.load_model(run / EXTRACTOR) for run in args.runs]
    models[0].set_weights(mean([model.get_weights() for model in models]))
    args.out.mkdir(parents=True, exist_ok=True)
    for name in ("recipe.yaml", CROPS):
        shutil.copy(args.runs[0] / name, args.out / name)
    (args.out / "classes.txt").write_text("".join(f"{name}\n" for name in _classes(args.runs)))
    (args.out / DATA).write_text(yaml.safe_dump(_data(args.runs), sort_keys=False))
    models[0].save(args.out / EXTRACTOR)
    print(f"{args.out}: the average of {len(models)} runs")
    return 0


def mean(weights: Sequence[Weights]) -> Weights:
    """Given the weights of models of one architecture, arrays float32 of equal shapes, return each array's mean."""
    return [np.mean(np.stack(arrays), axis=0) for arrays in zip(*weights, strict=True)]


def _check_recipes(runs: Sequence[Path]) -> None:
    first, *others = [recipes.load_recipe(run / "recipe.yaml") for run in runs]
    for run, recipe in zip(runs[1:], others, strict=True):
        if replace(recipe, fit=replace(recipe.fit, seed=first.fit.seed)) != first:
            raise BadConfig(f"{run}: another recipe than {runs[0]}; average runs of one recipe, whatever their seeds")


def _classes(runs: Sequence[Path]) -> list[str]:
    """The products that any run was trained on, sorted, then the made-up ones, which all share."""
    made_up = recipes.load_recipe(runs[0] / "recipe.yaml").data.made_up
    each = [(run / "classes.txt").read_text().splitlines() for run in runs]
    products = {name for classes in each for name in classes[: len(classes) - made_up]}
    return [*sorted(products), *each[0][len(each[0]) - made_up :]]


def _data(runs: Sequence[Path]) -> dict[str, object]:
    """What the card says of the data: all that any run saw; left out is what none saw."""
    each = [yaml.safe_load((run / DATA).read_text()) for run in runs]
    seen = {key: list(dict.fromkeys(name for data in each for name in data[key])) for key in ("photos", "unlabelled")}
    left_out = set.intersection(*(set(data["left out"]) for data in each))
    return {**seen, "left out": sorted(left_out), "runs averaged": len(runs)}
