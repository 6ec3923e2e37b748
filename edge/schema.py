"""A YAML file to frozen dataclasses, which are the schema: types, defaults and metadata of the fields say what may be.

A field made by `key` is one value; a field without metadata is a section, a dataclass of its own. A key that is absent
or left empty has its default. All faults of a file are reported together, each with file, line and key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import Field, field, fields
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

import yaml

from edge.errors import BadConfig

Section = TypeVar("Section")

Polygon = tuple[tuple[float, float], ...]
"""The corners of a polygon, three or more, each as (x, y)."""


def key(
    default: Any,
    doc: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str | int, ...] = (),
    shown: str = "",
) -> Any:
    """A field: its default or what makes it, what it means, what is allowed, and `shown`, the default in words."""
    metadata = {"doc": doc, "unit": unit, "low": low, "high": high, "choices": choices, "shown": shown}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


def allowed(a_key: Field[Any]) -> str:
    """What may be given for a key, in words; empty where anything of its type may."""
    low, high, choices = (a_key.metadata[name] for name in ("low", "high", "choices"))
    if choices:
        return "one of " + ", ".join(map(str, choices))
    if a_key.type is bool:
        return "true or false"
    if low is None:
        return ""
    whole = int in (a_key.type, *get_args(a_key.type))
    return f"{'a whole number' if whole else 'a number'} from {low} to {high}"


class _Fault(Exception):
    """One fault, with the line it is in."""

    def __init__(self, node: yaml.Node, text: str) -> None:
        super().__init__(text)
        self.line = node.start_mark.line + 1


def read(path: Path, section: type[Section]) -> Section:
    """Given a YAML file, return the dataclass it fills. Raise BadConfig with one line per fault."""
    try:
        root = yaml.compose(path.read_bytes(), Loader=yaml.SafeLoader)
    except OSError as error:
        raise BadConfig(f"{path}: {error.strerror}; give a configuration file that can be read") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadConfig(f"{path}:{line}: not YAML: {_text(str(error.problem))}") from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise BadConfig(f"{path}: not YAML: {_text(' '.join(str(error).split()))}") from error
    except RecursionError as error:
        raise BadConfig(f"{path}: not a configuration: nested too deeply") from error
    faults: list[_Fault] = []
    made = _build(section, root, "", faults)
    if faults:
        faults.sort(key=lambda fault: fault.line)
        raise BadConfig("\n".join(f"{path}:{fault.line}: {fault}" for fault in faults))
    return made


def _build(section: type[Section], node: yaml.Node | None, where: str, faults: list[_Fault]) -> Section:
    """Given the node of a section, return the section's dataclass, adding to the faults what is wrong with it."""
    known = {each.name: each for each in fields(section)}  # type: ignore[arg-type]
    types = get_type_hints(section)
    values: dict[str, Any] = {}
    before = len(faults)
    for key_node, child in _pairs(node, where, faults):
        name = key_node.value
        path = where + _text(name)
        if name not in known:
            import difflib  # for faults alone, so that a start does without

            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
            faults.append(_Fault(key_node, f"{path}: unknown key; {hint}"))
        elif not known[name].metadata:
            values[name] = _build(types[name], child, f"{path}.", faults)
        elif not _is_empty(child):
            values[name] = _value(types[name], known[name], child, path, faults)
    if node is None or len(faults) > before:
        return section()
    try:
        return section(**values)
    except BadConfig as error:
        faults.append(_Fault(node, f"{where}{error}"))
        return section()


def _pairs(node: yaml.Node | None, where: str, faults: list[_Fault]) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The keys of a mapping with their nodes; what is no mapping, or a key given twice, is a fault."""
    if node is None or _is_empty(node):
        return
    if not isinstance(node, yaml.MappingNode):
        faults.append(
            _Fault(node, f"{where.rstrip('.') or 'the file'}: expected `key: value` pairs, got {_shown(node)}")
        )
        return
    lines: dict[str, int] = {}
    for name, child in node.value:
        if not isinstance(name, yaml.ScalarNode):
            faults.append(_Fault(name, f"{where}?: expected a name before the colon, got {_shown(name)}"))
        elif name.value in lines:
            faults.append(_Fault(name, f"{where}{_text(name.value)}: given twice, first in line {lines[name.value]}"))
        else:
            lines[name.value] = name.start_mark.line + 1
            yield name, child


def _value(kind: Any, a_key: Field[Any], node: yaml.Node, where: str, faults: list[_Fault]) -> Any:
    """Given a key's node, return its value in the key's type, or None with a fault."""
    if kind == Mapping[str, float]:
        pairs = _pairs(node, f"{where}.", faults)
        return {
            name.value: _value(float, a_key, child, f"{where}.{_text(name.value)}", faults) for name, child in pairs
        }
    if kind == tuple[Polygon, ...]:
        polygons = _items(node, where, "a list of polygons", faults)
        return tuple(_polygon(a_key, child, at, faults) for at, child in polygons)
    (kind,) = [each for each in get_args(kind) or (kind,) if each is not type(None)]
    value = _scalar(node)
    if kind in (str, Path):
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        choices = a_key.metadata["choices"]
        good = isinstance(value, str) and (value in choices if choices else value.isprintable() and value.strip())
        expected = allowed(a_key) or ("a path" if kind is Path else "a text")
    elif kind is bool:
        good = isinstance(value, bool)
        expected = allowed(a_key)
    else:
        number = isinstance(value, int if kind is int else (int, float)) and not isinstance(value, bool)
        low, high, choices = (a_key.metadata[name] for name in ("low", "high", "choices"))
        good = number and (value in choices if choices else low <= value <= high)
        expected = allowed(a_key)
    if not good:
        faults.append(_Fault(node, f"{where}: expected {expected}, got {_shown(node)}"))
        return None
    return kind(value)


def _polygon(a_key: Field[Any], node: yaml.Node, where: str, faults: list[_Fault]) -> Polygon:
    """Given the node of a polygon, return its corners, adding to the faults what is wrong with them."""
    corners = []
    for at, corner in _items(node, where, "a list of corners [x, y]", faults):
        pair = [_value(float, a_key, number, spot, faults) for spot, number in _items(corner, at, "[x, y]", faults)]
        if isinstance(corner, yaml.SequenceNode) and len(pair) != 2:
            faults.append(_Fault(corner, f"{at}: expected [x, y], got a list of {len(pair)}"))
        corners.append(tuple(pair))
    if isinstance(node, yaml.SequenceNode) and len(corners) < 3:
        faults.append(_Fault(node, f"{where}: expected three corners or more, got {len(corners)}"))
    return tuple(corners)


def _items(node: yaml.Node, where: str, expected: str, faults: list[_Fault]) -> list[tuple[str, yaml.Node]]:
    """The nodes of a list, each with its place in words, such as ignore[0]; what is no list is a fault."""
    if not isinstance(node, yaml.SequenceNode):
        faults.append(_Fault(node, f"{where}: expected {expected}, got {_shown(node)}"))
        return []
    return [(f"{where}[{number}]", child) for number, child in enumerate(node.value)]


def _scalar(node: yaml.Node) -> Any:
    """The plain value of a scalar, a date being its text; None for a list, a mapping or no number."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if kind in ("str", "timestamp"):
        return node.value
    if kind not in ("int", "float", "bool"):
        return None
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, LookupError, OverflowError):  # what PyYAML lets through for `!!int x` and the like
        return None


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _shown(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return "nothing" if _is_empty(node) else f"'{_text(node.value)}'"
    return "a list" if isinstance(node, yaml.SequenceNode) else "keys with values"


def _text(text: str) -> str:
    """Text that someone else wrote, on one line and not too long."""
    plain = text if text.isprintable() else repr(text)[1:-1]
    return plain if len(plain) <= 60 else plain[:59] + "…"
