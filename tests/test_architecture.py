"""docs/architecture.md agrees with the code: the files on its two paths exist and hand over to each other."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def files(text: str) -> list[str]:
    """The files named in a text, once each, in their order."""
    return list(dict.fromkeys(re.findall(r"`([a-z0-9_/]+\.py)`", text)))


def imports(file: str) -> set[str]:
    """The files of edge that a file imports."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / "edge" / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "edge":
            module = node.module.split(".")[1:]
            for words in (module, *([*module, alias.name] for alias in node.names)):
                found.add("/".join(words) + ".py")
    return found


def wired() -> set[str]:
    """The files that the composition root imports, and so may hand to each other."""
    return set().union(*(imports(f"assembly/{path.name}") for path in (ROOT / "edge" / "assembly").glob("*.py")))


@pytest.mark.parametrize("title", ["The path of a frame", "The path of a photo"])
def test_each_file_of_a_path_is_linked_to_the_ones_before_it(title: str) -> None:
    named, parts = files(section(title)), wired()
    assert len(named) > 5
    for place, file in enumerate(named[1:], 1):
        before = named[:place]
        linked = any(file in imports(other) or other in imports(file) for other in before)
        assert linked or file in parts, f"{file}: neither imported by {', '.join(before)} nor wired by assembly"


def test_every_room_is_named() -> None:
    rooms = {path.stem for path in (ROOT / "edge").iterdir() if path.is_dir() or path.suffix == ".py"}
    named = set(re.findall(r"`(\w+)/?`", section("Rooms")))
    ignored = {"__init__", "__pycache__", "models", "py", "threads", "parallel", "cli", "text"}
    assert rooms - named - ignored == set()
