"""What a model was made from, as its run's folder and its card say it: names only, since paths are of one machine."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from training import recipe as recipes
from training.run_folder import CLASSES, DATA, RECIPE


def data_of(photos: Sequence[Path], unlabelled: Sequence[Path], left_out: Sequence[str]) -> dict[str, list[str]]:
    """Given the folders that a run trains on and the products it leaves out, return their names, as DATA holds them."""
    return {
        "photos": [folder.resolve().name for folder in photos],
        "unlabelled": [folder.resolve().name for folder in unlabelled],
        "left out": list(left_out),
    }


def write_data(run: Path, data: dict[str, Any]) -> None:
    """Given a run's folder and what `data_of` returns, write it there."""
    (run / DATA).write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


def read_data(run: Path) -> dict[str, Any]:
    """Given a run's folder, return what `write_data` wrote there."""
    data: dict[str, Any] = yaml.safe_load((run / DATA).read_text(encoding="utf-8"))
    return data


def about(run: Path) -> dict[str, Any]:
    """Given a finished run's folder, return what the card says of it: the products trained on, the data, the recipe."""
    recipe = recipes.load_recipe(run / RECIPE)
    classes = (run / CLASSES).read_text(encoding="utf-8").splitlines()
    made_up = recipe.data.made_up
    trained = bool(recipe.fit.stages)
    return {
        "trained": classes[: len(classes) - made_up] if trained else [],
        "made-up products": made_up if trained else 0,
        "data": read_data(run),
        "recipe": recipes.described(recipe),
    }
