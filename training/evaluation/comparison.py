"""Recipes compared: each one measured over the folds of a study."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from training.evaluation.crossvalidate import RecipeRow, Study, load_vectors
from training.evaluation.figures import GROUPS, Measured
from training.evaluation.results import Result, result

NEVER_TRAINED = ("never-trained", "never-trained-alone")


@dataclass(frozen=True, slots=True)
class Compared:
    """A row, measured. done: how many of its folds are there. results: of each set."""

    row: RecipeRow
    done: int
    results: tuple[Result, ...]

    @property
    def label(self) -> str:
        """The name of the row, and how much of it is there unless all of it is."""
        part = "" if self.done == len(self.row.folds) else f" ({self.done} of {len(self.row.folds)} folds)"
        return self.row.name + part


def compare(row: RecipeRow, study: Study) -> Compared:
    """Given a row, measure the folds whose vectors of all sets are there.

    One that trained on no photos is measured in the same folds as the others, its one model for each.
    """
    there = [[load_vectors(fold, folder) for folder in study.sets] for fold in row.folds]
    done = [[each for each in fold if each is not None] for fold in there if None not in fold]
    results = []
    for place, folder in enumerate(study.sets if done else ()):
        by_fold = [fold[place] for fold in done]
        if folder in study.photos and not row.recipe.uses_photos:
            by_fold = [replace(by_fold[0], left_out=tuple(part)) for part in study.parts]
        measured = result(folder.resolve().name, by_fold)
        results.append(measured if row.recipe.uses_photos else measured.only(*NEVER_TRAINED))
    return Compared(row, len(done), tuple(results))


def by_group(compared: Sequence[Compared]) -> dict[str, dict[str, Measured]]:
    """Given measured rows, return the figures of each under a heading for each set and group, in the order of sets and
    GROUPS.
    """
    found: dict[str, dict[str, Measured]] = {}
    for place, first in enumerate(compared[0].results):
        for group in GROUPS:
            rows = {
                each.label: each.results[place].groups[group].figures
                for each in compared
                if group in each.results[place].groups
            }
            if rows:
                found[f"{first.name}: {group}"] = rows
    return found
