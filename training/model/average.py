"""The average of the weights of several runs of one recipe.

Runs that start at the same weights and see other products, or another order, end in one valley of the loss. Its middle
often does better than they do, above all on products that none was trained on: Wortsman et al., "Model soups", ICML
2022, arXiv:2203.05482.
"""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edge.errors import BadConfig
from training import recipe as recipes
from training.provenance import read_data, write_data
from training.run_folder import CLASSES, CROPS, EXTRACTOR, RECIPE, check_finished

Weights = list[npt.NDArray[np.float32]]


def average(runs: Sequence[Path], out: Path) -> None:
    """Given the folders of finished runs, write the folder of a run with their average extractor.

    Raise BadModel if a run is not finished, BadConfig if their recipes differ in more than the seed.
    """
    check_runs(runs)
    import keras  # takes seconds; what is checked above does not need it

    from training.model import arcface, backbones  # noqa: F401  (they register the layers)

    models = [keras.saving.load_model(run / EXTRACTOR) for run in runs]
    models[0].set_weights(mean([model.get_weights() for model in models]))
    out.mkdir(parents=True, exist_ok=True)
    for name in (RECIPE, CROPS):
        shutil.copy(runs[0] / name, out / name)
    (out / CLASSES).write_text("".join(f"{name}\n" for name in classes(runs)), encoding="utf-8")
    write_data(out, data(runs))
    models[0].save(out / EXTRACTOR)


def check_runs(runs: Sequence[Path]) -> None:
    """Raise BadModel if a run is not finished, BadConfig if their recipes differ in more than the seed."""
    for run in runs:
        check_finished(run)
    first, *others = [recipes.load_recipe(run / RECIPE) for run in runs]
    for run, recipe in zip(runs[1:], others, strict=True):
        if replace(recipe, fit=replace(recipe.fit, seed=first.fit.seed)) != first:
            raise BadConfig(f"{run}: its recipe differs from that of {runs[0]}; average runs of one recipe")


def mean(weights: Sequence[Weights]) -> Weights:
    """Given the weights of models of one architecture, arrays float32 of equal shapes, return each array's mean."""
    return [np.mean(np.stack(arrays), axis=0) for arrays in zip(*weights, strict=True)]


def classes(runs: Sequence[Path]) -> list[str]:
    """Return the products that any run was trained on, sorted, then the made-up ones, which all share."""
    made_up = recipes.load_recipe(runs[0] / RECIPE).data.made_up
    each = [(run / CLASSES).read_text(encoding="utf-8").splitlines() for run in runs]
    products = {name for names in each for name in names[: len(names) - made_up]}
    return [*sorted(products), *each[0][len(each[0]) - made_up :]]


def data(runs: Sequence[Path]) -> dict[str, object]:
    """Return what the card says of the data: all that any run saw; left out is what no run saw."""
    each = [read_data(run) for run in runs]
    seen = {key: list(dict.fromkeys(name for data in each for name in data[key])) for key in ("photos", "unlabelled")}
    left_out = set.intersection(*(set(data["left out"]) for data in each))
    return {**seen, "left out": sorted(left_out), "runs averaged": len(runs)}
