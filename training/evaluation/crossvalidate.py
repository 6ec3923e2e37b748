"""Cross-validation over left-out products: which fold leaves out which, and a model and its vectors for each.

<runs>/<row>/fold-<i>/ holds the run of one fold, its model.tflite, and vectors/<set>.npz of every set. Whatever is
there is not made again. A row that trains on no photos needs no folds: its one run is <runs>/<row>/fold-0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from edge.errors import BadConfig, BadPhoto
from edge.model.card import load_card
from edge.model.embedder import Embedder
from training import recipe as recipes
from training.data.photos import find_photos
from training.evaluation.embedded import EmbeddedSet, embed_photos
from training.process import run_training, training_command
from training.provenance import data_of, read_data
from training.recipe import Recipe
from training.run_folder import DATA, MODEL, RECIPE


@dataclass(frozen=True)
class Study:
    """What rows are compared on. photos: sets whose products are left out in turn, in k folds. also: folders of
    products that every fold trains on. unseen: sets that are never trained on. unlabelled: folders to distill on.
    runs: the folder of all runs.
    """

    photos: tuple[Path, ...]
    also: tuple[Path, ...]
    unseen: tuple[Path, ...]
    unlabelled: tuple[Path, ...]
    runs: Path
    k: int

    @cached_property
    def parts(self) -> list[list[str]]:
        """The products that each fold leaves out, a k-th of each set's. Raise BadPhoto as `folds` does."""
        by_set = [
            folds(sorted({photo.product for photo in find_photos(folder) if photo.product}), self.k)
            for folder in self.photos
        ]
        return [sorted(product for part in parts for product in part) for parts in zip(*by_set, strict=True)]

    @property
    def sets(self) -> tuple[Path, ...]:
        return (*self.photos, *self.unseen)


@dataclass(frozen=True, slots=True)
class Fold:
    """One training of a row. left_out: the products of the cross-validated sets that it must not train on."""

    number: int
    folder: Path
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecipeRow:
    """A recipe to compare. source: its name or file, for the command that trains it."""

    name: str
    source: str
    recipe: Recipe
    folds: tuple[Fold, ...]


def folds(products: Sequence[str], k: int, seed: int = 0) -> list[list[str]]:
    """Given products, return k lists of those that each fold leaves out of training: every product in exactly one.

    Raise BadPhoto unless 2 <= k <= half the number of products, so that each fold leaves out two or more.
    """
    if not 2 <= k <= len(products) // 2:
        raise BadPhoto(f"{k} folds of {len(products)} products; expected 2 to {len(products) // 2}")
    shuffled = np.random.default_rng(seed).permutation(np.array(sorted(products)))
    return [sorted(part.tolist()) for part in np.array_split(shuffled, k)]


def plan(source: str, study: Study) -> RecipeRow:
    """Given a recipe's name or file, return its row.

    Raise BadConfig if there is no such recipe, or a fold's folder holds a run of another one or on other data; BadPhoto
    as `folds` does.
    """
    recipe, name, parts = recipes.load_recipe(source), Path(source).stem, study.parts
    if not recipe.uses_photos:
        parts = [sorted(product for part in parts for product in part)]
    folders = [study.runs / name / f"fold-{number}" for number in range(len(parts))]
    row = RecipeRow(name, source, recipe, tuple(Fold(i, folders[i], tuple(part)) for i, part in enumerate(parts)))
    for fold in row.folds:
        _check(row, fold, study)
    return row


def train(row: RecipeRow, fold: Fold, study: Study) -> bool:
    """Train a fold unless its model is there. Return False if interrupted. Raise BadModel if it fails."""
    if (fold.folder / MODEL).exists():
        return True
    photos, unlabelled = _photos(row, study), _unlabelled(row, study)
    return run_training(training_command(row.source, photos, fold.folder, _left_out(row, fold), unlabelled))


def embed(fold: Fold, study: Study) -> None:
    """Write the vectors that a trained fold lacks."""
    embedder = None
    for folder in study.sets:
        if load_vectors(fold, folder) is None:
            embedder = embedder or Embedder(fold.folder / MODEL)
            card = embedder.card
            left_out = fold.left_out if folder in study.photos else None
            embedded = embed_photos(embedder.embed, find_photos(folder), left_out, card.id, size=card.size)
            embedded.save(_vectors(fold, folder))


def finished(fold: Fold, study: Study) -> bool:
    """Whether the vectors of all sets are there."""
    return all(load_vectors(fold, folder) is not None for folder in study.sets)


def load_vectors(fold: Fold, folder: Path) -> EmbeddedSet | None:
    """Given a fold and the folder of a set, return the set's vectors, or None if they are not there.

    Vectors of other photos, of other left-out products or of another model than the fold's do not count.
    """
    if not _vectors(fold, folder).exists():
        return None
    embedded = EmbeddedSet.load(_vectors(fold, folder))
    model = fold.folder / MODEL
    same = embedded.photos == tuple(find_photos(folder)) and embedded.left_out in (None, fold.left_out)
    return embedded if same and (not model.exists() or load_card(model).id == embedded.model) else None


def _vectors(fold: Fold, folder: Path) -> Path:
    return fold.folder / "vectors" / f"{folder.resolve().name}.npz"


def _check(row: RecipeRow, fold: Fold, study: Study) -> None:
    """Raise BadConfig if the fold's folder holds a finished run that is not this fold's."""
    if (fold.folder / DATA).exists():
        data = data_of(_photos(row, study), _unlabelled(row, study), _left_out(row, fold))
        if read_data(fold.folder) != data or recipes.load_recipe(fold.folder / RECIPE) != row.recipe:
            raise BadConfig(f"{fold.folder}: holds a run of another recipe or on other data; give another --runs")


def _photos(row: RecipeRow, study: Study) -> tuple[Path, ...]:
    return (*study.photos, *study.also) if row.recipe.uses_photos else ()


def _left_out(row: RecipeRow, fold: Fold) -> tuple[str, ...]:
    return fold.left_out if row.recipe.uses_photos else ()


def _unlabelled(row: RecipeRow, study: Study) -> tuple[Path, ...]:
    return study.unlabelled if row.recipe.fit.distill else ()
