"""The options that several verbs share."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from edge.config import Config, EnrollConfig, StateConfig, load_config


def add_config(parser: ArgumentParser, *, state: bool = False, enroll: bool = False) -> None:
    """Add --config, and where the verb uses them --state and --enroll, which go before the configuration."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration, a YAML file")
    if state:
        parser.add_argument("--state", type=Path, metavar="DIR", help="the folder of the bank and the ledger")
    if enroll:
        parser.add_argument("--enroll", type=Path, metavar="DIR", help="the folder of the enrollment photos")


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
