"""Imports in training run one way too, along the arrows named here, and none of its files is long."""

import ast
from pathlib import Path

import pytest

from tests.test_imports import ROOT, imported

MODULES = sorted((ROOT / "training").rglob("*.py"))

ARROWS: dict[str, set[str]] = {
    "run_folder": set(),
    "recipe": set(),
    "process": {"run_folder"},
    "provenance": {"recipe", "run_folder"},
    "data": {"recipe"},
    "evaluation": {"data", "process", "provenance", "recipe", "run_folder"},
    "model": {"data", "evaluation", "provenance", "recipe", "run_folder"},
    "commands": {"data", "evaluation", "model", "process", "provenance", "recipe", "run_folder"},
    "__main__": {"process"},
    "__init__": set(),
}
"""Each part of training with the parts that it may import beside itself, and beside edge. The rooms are layers: data,
then evaluation, then model; commands use them all, and __main__ loads one by its name."""


def part(dotted: str) -> str:
    """The part of training that a dotted name is in."""
    return dotted.split(".")[1]


def owner(module: Path) -> str:
    return module.relative_to(ROOT / "training").with_suffix("").parts[0]


def arrows(module: Path) -> set[str]:
    """The other parts of training that a module imports."""
    names = imported(ast.parse(module.read_text(encoding="utf-8")))
    return {part(name) for name in names if name.startswith("training.")} - {owner(module)}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_arrows(module: Path) -> None:
    assert arrows(module) <= ARROWS[owner(module)]


def test_every_arrow_is_in_use() -> None:
    used: dict[str, set[str]] = {name: set() for name in ARROWS}
    for module in MODULES:
        used[owner(module)] |= arrows(module)
    assert used == ARROWS


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_250_lines(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 250
