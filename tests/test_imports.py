"""Imports in edge run one way, along the arrows named here; found by walking the syntax tree, so that none can hide."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "edge").rglob("*.py"))

BASE = {"errors", "types", "__init__"}
"""Every part of edge may import these, which import nothing but each other."""

ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "types": set(),
    "__init__": set(),
    "exit_codes": set(),
    "threads": set(),
    "parallel": set(),
    "schema": set(),
    "config": {"schema"},
    "storage": {"text"},
    "images": set(),
    "model": {"images", "parallel", "storage", "text"},
    "isolation": {"images"},
    "bank": {"images", "model", "storage"},
    "events": {"storage", "text"},
    "cameras": {"config", "images", "text"},
    "recognition": {"config", "images", "model", "parallel"},
    "daemon": {"cameras", "images", "storage", "text"},
    "console": {"assembly", "bank", "config", "daemon", "events", "images", "recognition", "storage", "text"},
    "assembly": {
        "bank",
        "cameras",
        "capture",
        "config",
        "daemon",
        "events",
        "images",
        "isolation",
        "model",
        "parallel",
        "recognition",
        "storage",
        "text",
    },
    "demo": {"assembly", "bank", "cameras", "config", "console", "images", "model", "text"},
    "bench": {"assembly", "config", "daemon", "images", "isolation", "model", "parallel", "recognition", "text"},
    "capture": {"bank", "cameras", "daemon", "images", "isolation", "storage", "text"},
    "checks": {"assembly", "bank", "cameras", "config", "images", "storage", "text"},
    "text": set(),
    "commands": {
        "assembly",
        "bank",
        "bench",
        "cameras",
        "capture",
        "checks",
        "config",
        "console",
        "daemon",
        "demo",
        "events",
        "exit_codes",
        "images",
        "model",
        "recognition",
        "storage",
        "text",
    },
    "cli": {"exit_codes", "threads"},
}
"""Each part of edge with the parts that it may import, beside itself and BASE."""

WORKSTATION = {"training", "benchmarks", "tensorflow", "keras", "torch", "jax", "matplotlib"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names that a module imports, such as edge.model.embedder."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they point"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(dotted: str) -> str:
    """The part of edge that a dotted name is in: the second word, if it is a module, else edge itself."""
    words = dotted.split(".")
    inside = len(words) > 1 and ((ROOT / "edge" / words[1]).is_dir() or (ROOT / "edge" / f"{words[1]}.py").exists())
    return words[1] if inside else "__init__"


def wrong(own: str, tree: ast.AST) -> list[str]:
    """Given the part of edge a module is in and its tree, return the imports that follow no arrow."""
    assert own in ARROWS, f"edge.{own} is not in ARROWS: say what it may import"
    allowed = ARROWS[own] | BASE | {own}
    faults = [name for name in imported(tree) if name.split(".")[0] in WORKSTATION]
    return faults + [name for name in imported(tree) if name.split(".")[0] == "edge" and part(name) not in allowed]


def owner(module: Path) -> str:
    return module.relative_to(ROOT / "edge").with_suffix("").parts[0]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_arrows(module: Path) -> None:
    assert wrong(owner(module), ast.parse(module.read_text(encoding="utf-8"))) == []


def test_every_arrow_is_in_use() -> None:
    used: dict[str, set[str]] = {name: set() for name in ARROWS}
    for module in MODULES:
        names = imported(ast.parse(module.read_text(encoding="utf-8")))
        used[owner(module)] |= {part(name) for name in names if name.split(".")[0] == "edge"}
    unused = {name: sorted(arrows - used[name]) for name, arrows in ARROWS.items() if arrows - used[name]}
    assert unused == {}


def test_the_arrows_have_no_cycle() -> None:
    left = dict(ARROWS)
    while ends := [name for name, arrows in left.items() if not arrows & left.keys()]:
        for name in ends:
            del left[name]
    assert left == {}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_250_lines(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ("errors", "from edge import schema"),
        ("isolation", "import edge.cli"),
        ("isolation", "def f():\n    from edge.bank import store"),
        ("model", "from edge.config import Config"),
        ("cameras", "from edge.bank.folder import scan"),
        ("commands", "from training.evaluation.metrics import roc"),
        ("bank", "import tensorflow.lite"),
    ],
)
def test_a_wrong_arrow_is_found(own: str, line: str) -> None:
    assert len(wrong(own, ast.parse(line))) == 1
