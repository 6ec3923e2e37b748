"""Imports in edge run one way, found by walking the syntax tree, so that imports inside functions count too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "edge").rglob("*.py"))

LAYERS = (
    {"errors", "types", "__init__"},
    {"graphs"},
    {"exits", "files", "threads", "schema", "contract", "runtime"},
    {"config", "database"},
    {"pipeline", "bank"},
    {"events", "cameras", "service", "web"},
    {"verbs"},
    {"cli"},
)
"""A module imports from its own package and from the layers above its own in this list, never from beside or below."""

WORKSTATION = {"training", "benchmarks", "tensorflow", "keras", "torch", "jax", "matplotlib"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names that a module imports, such as edge.pipeline.embed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they point"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def unit(dotted: str) -> str:
    """The part of edge that a dotted name is in: the second word, if it is a module, else edge itself."""
    words = dotted.split(".")
    inside = len(words) > 1 and ((ROOT / "edge" / words[1]).is_dir() or (ROOT / "edge" / f"{words[1]}.py").exists())
    return words[1] if inside else "__init__"


def layer(name: str) -> int:
    (found,) = [index for index, names in enumerate(LAYERS) if name in names] or [-1]
    assert found >= 0, f"edge.{name} is in no layer: say in LAYERS where it belongs"
    return found


def wrong(own: str, tree: ast.AST) -> list[str]:
    """Given the part of edge a module is in and its tree, return the imports that point the wrong way."""
    faults = [name for name in imported(tree) if name.split(".")[0] in WORKSTATION]
    for name in imported(tree):
        if name.split(".")[0] == "edge" and unit(name) != own and layer(unit(name)) >= layer(own):
            faults.append(name)
    return faults


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(module: Path) -> None:
    own = module.relative_to(ROOT / "edge").with_suffix("").parts[0]
    assert wrong(own, ast.parse(module.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ("errors", "from edge import types"),
        ("pipeline", "import edge.cli"),
        ("pipeline", "def f():\n    from edge.bank import store"),
        ("contract", "from edge.config import Config"),
        ("verbs", "from training.metrics import roc"),
        ("bank", "import tensorflow.lite"),
    ],
)
def test_a_wrong_arrow_is_found(own: str, line: str) -> None:
    assert len(wrong(own, ast.parse(line))) == 1
