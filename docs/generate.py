"""Write the pages that the code itself determines: `python docs/generate.py`. A test asserts that they are current."""

import argparse
import dataclasses
import sys
from dataclasses import Field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from edge import cli, config, exit_codes, schema  # noqa: E402
from training import recipe  # noqa: E402


def main() -> None:
    """Write every page."""
    for name, text in pages().items():
        (ROOT / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The text of each generated file, by its path in the repository."""
    return {
        "docs/cli.md": commands(),
        "docs/configuration.md": configuration(),
        "docs/recipes.md": recipes(),
        "systemd/bottlebank.yaml": sample(),
    }


def sections() -> list[tuple[str, type]]:
    """The configuration's sections with their dataclasses."""
    return [(field.name, type(getattr(config.Config(), field.name))) for field in dataclasses.fields(config.Config)]


def sample() -> str:
    """A configuration file that says what it may say, every key commented out at its default."""
    lines = [
        "# Bottlebank's configuration. Every key is optional; those below show the defaults.",
        "# Remove the # before a key to change it, then run `bottlebank check`.",
    ]
    for name, section in sections():
        lines += ["", f"# {section.__doc__}", f"{name}:"]
        for key in dataclasses.fields(section):
            limits = "; ".join(filter(None, [key.metadata["unit"], schema.allowed(key)]))
            lines += [f"  # {key.metadata['doc']}" + (f" ({limits})" if limits else "")]
            lines += [
                f"  #{key.name}:" + (f"  # {key.metadata['shown']}" if key.metadata["shown"] else f" {key.default}")
            ]
    return "\n".join(lines) + "\n"


def configuration() -> str:
    """The reference page of the configuration."""
    lines = [
        "# Configuration",
        "",
        f"One YAML file, `--config FILE`. Without `--config` it is `{config.SYSTEM_FILE}`, and where that is missing",
        "every key has its default. A key left empty has its default too. `bottlebank check` reports every fault of",
        "the file at once, with its line. A file to start from: [`bottlebank.yaml`](../systemd/bottlebank.yaml).",
        "A relative path starts at the file's folder, `~` is the home of the user who runs the command.",
    ]
    return "\n".join(lines + _tables(sections())) + "\n"


def recipes() -> str:
    """The reference page of the recipes."""
    lines = [
        "# Recipes",
        "",
        "What a training run does, in one YAML file; see [Training](training.md). A key that is absent or left empty",
        "has its default. Every fault of a file is reported at once, with its line.",
    ]
    sections = [(field.name, type(getattr(recipe.Recipe(), field.name))) for field in dataclasses.fields(recipe.Recipe)]
    return "\n".join(lines + _tables(sections)) + "\n"


def _tables(sections: list[tuple[str, type]]) -> list[str]:
    lines: list[str] = []
    for name, section in sections:
        lines += ["", f"## {name}", "", f"{section.__doc__}", ""]
        lines += ["| key | default | unit | allowed | meaning |", "|---|---|---|---|---|"]
        lines += [_row(key) for key in dataclasses.fields(section)]
    return lines


def commands() -> str:
    """The reference page of the command line."""
    parser = cli.parser(loaded=cli.COMMANDS)
    (subparsers,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    lines = ["# Command line", ""]
    lines += ["`bottlebank COMMAND --help` prints the same. `bottlebank --version` prints the version."]
    lines += ["[Completion](install.md#shell-completion) is printed by `bottlebank --print-completion SHELL`."]
    for name, command in subparsers.choices.items():
        lines += ["", f"## {name}", "", f"{command.description}", "", "| option | meaning |", "|---|---|"]
        lines += [_option(action) for action in command._actions if action.dest != "help"]
    lines += ["", "## Exit codes", "", "| code | meaning |", "|---|---|"]
    lines += [_cells(str(code), meaning) for code, meaning in exit_codes.MEANING.items()]
    return "\n".join(lines) + "\n"


def _option(action: argparse.Action) -> str:
    names = ", ".join(action.option_strings)
    value = "" if action.nargs == 0 else str(action.metavar or action.dest)
    several = "…" if action.nargs in ("+", "*") else ""
    shown = action.default is not None and action.nargs != 0
    default = f" (default: {action.default})" if shown else ""
    return _cells(f"`{' '.join(filter(None, [names, value + several]))}`", f"{action.help}{default}")


def _cells(*texts: str) -> str:
    """A row of a table; a bar within a text would end its cell."""
    return f"| {' | '.join(text.replace('|', chr(92) + '|') for text in texts)} |"


def _row(key: Field[Any]) -> str:
    default = str(key.default).lower() if isinstance(key.default, bool) else key.default
    shown = key.metadata["shown"] or f"`{default}`"
    return f"| `{key.name}` | {shown} | {key.metadata['unit']} | {schema.allowed(key)} | {key.metadata['doc']} |"


if __name__ == "__main__":
    main()
