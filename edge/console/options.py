"""The options that several commands share, and what their values may be."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from edge.config import SYSTEM_FILE, Config, EnrollConfig, StateConfig, load_config


def add_config(parser: ArgumentParser, *, state: bool = False, enroll: bool = False) -> None:
    """Add --config, and where the command uses them --state and --enroll, which go before the configuration."""
    text = f"the configuration, a YAML file (default: {SYSTEM_FILE})"
    parser.add_argument("--config", type=path, metavar="FILE", help=text)
    if state:
        text = "the folder of the bank and the ledger (default: state.folder of the configuration)"
        parser.add_argument("--state", type=path, metavar="DIR", help=text)
    if enroll:
        text = "the folder of the enrollment photos (default: enroll.folder of the configuration)"
        parser.add_argument("--enroll", type=path, metavar="DIR", help=text)


def add_json(parser: ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help="print JSON, for machines")


def configuration(args: Namespace) -> Config:
    """Given the parsed options, return the configuration they name and change. Raise BadConfig."""
    config = load_config(args.config)
    if getattr(args, "state", None):
        config = replace(config, state=StateConfig(args.state))
    if getattr(args, "enroll", None):
        config = replace(config, enroll=EnrollConfig(args.enroll))
    return config


def path(text: str) -> Path:
    """Given a path, return it. Raise ArgumentTypeError if it is empty, which would be the current folder."""
    if not text.strip():
        raise ArgumentTypeError(f"expected a path, got {text!r}")
    return Path(text)


def product(text: str) -> str:
    """Given a product, return it if it can be a folder. Raise ArgumentTypeError."""
    if not text.strip() or text.startswith(".") or "/" in text or "\0" in text:
        raise ArgumentTypeError(f"expected a name without a slash or a leading dot, got {text!r}")
    return text


def moment(text: str) -> str:
    """Given a date or a time in ISO 8601, of this machine's zone unless it has its own, return it in UTC.

    Raise ArgumentTypeError.
    """
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError(f"expected a time such as 2025-03-01 or 2025-03-01T10:00, got {text!r}") from error
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def at_least_one(text: str) -> int:
    """Given a count, return it as a number from 1. Raise ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def output_file(*suffixes: str) -> Callable[[str], Path]:
    """Given what its name may end in, return the type of an option that names a file to write."""

    def output(text: str) -> Path:
        file = path(text)
        if file.suffix.lower() not in suffixes:
            raise ArgumentTypeError(f"expected a file that ends in {' or '.join(suffixes)}, got {text!r}")
        if not file.absolute().parent.is_dir():
            raise ArgumentTypeError(f"expected a file in a folder that exists, got {text!r}")
        return file

    return output


picture_file = output_file(".jpg", ".jpeg", ".png")


def seconds(text: str) -> float:
    """Given a time, return it as a number from 0. Raise ArgumentTypeError."""
    try:
        if 0 <= (value := float(text)) < float("inf"):
            return value
    except ValueError:
        pass
    raise ArgumentTypeError(f"expected seconds, 0 or more, got {text!r}")
