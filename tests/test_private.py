"""Tests use public names: what is private may change without them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
ALLOWED = {"_exit", "_asdict", "_replace", "_fields"}
"""Public in spite of their names: of os, and of NamedTuple."""


def private_names(tree: ast.AST) -> Iterator[str]:
    """Given a module, yield the private names of others that it uses, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            names = [] if own else [node.attr]
        elif isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if name.startswith("_") and not name.startswith("__") and name not in ALLOWED:
                yield f"line {node.lineno}: {name}"


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_a_test_uses_no_private_name_of_another_module(path: Path) -> None:
    assert list(private_names(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("line", ["ledger._db.close()", "from edge.bank.store import _rows", "a.b()._c = 1"])
def test_a_private_name_is_found(line: str) -> None:
    assert len(list(private_names(ast.parse(line)))) == 1


@pytest.mark.parametrize("line", ["self._db.close()", "os._exit(0)", "row._asdict()", "a.__class__"])
def test_ones_own_and_public_names_are_not(line: str) -> None:
    assert list(private_names(ast.parse(line))) == []
