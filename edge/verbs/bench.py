"""Measure what the service costs on this machine, beside one bare run of the model."""

import json
from argparse import ArgumentParser, Namespace
from typing import NamedTuple

from edge import exits
from edge.verbs.options import add_config, add_json, configuration


class Row(NamedTuple):
    """One measurement. value, goal: in the unit, which may be one invoke() of the model; about: what was measured.

    In units of "imports", 1 is what a bare Python takes to import numpy, cv2 and the runtime; in units of "bare", 1 is
    one invoke() for every photo, shared among as many interpreters as work side by side.
    """

    name: str
    value: float
    goal: float
    about: str
    unit: str = "invoke"

    @property
    def distance(self) -> float:
        """How far over the goal it is, as a part of the goal; negative where the goal is met."""
        return self.value / self.goal - 1


def add_arguments(parser: ArgumentParser) -> None:
    """Add the verb's options."""
    add_json(parser)
    add_config(parser)


def run(args: Namespace) -> int:
    """Print a line for each goal: what was measured, the goal, the distance. Raise EdgeError."""
    from edge.verbs import large, limits, parts
    from edge.verbs.costs import stages
    from edge.verbs.startup import startup

    config = configuration(args)
    embedder = parts.embedder(config)
    peak = limits.limits()
    invoke, rows = stages(embedder, config.match.votes)
    rows += large.banks(embedder) + large.photos(config.model, embedder) + startup(config.model, embedder.runtime)
    if args.json:
        plain = {"machine": limits.machine(), "limits": peak, "invoke": invoke}
        rounded = [row._asdict() | {"distance": round(row.distance, 3)} for row in rows]
        print(json.dumps(plain | {"rows": rounded}))
        return exits.OK
    print(f"{limits.machine()}, {embedder.runtime.split('.')[0]}")
    print(f"{config.model.path.name}: {1000 * invoke:.1f} ms a bare invoke(); {limits.in_words(peak)}")
    for row in rows:
        print(line(row))
    return exits.OK


def line(row: Row) -> str:
    """Given a measurement, return it as a line of the table."""
    value, goal = (f"{100 * n:.1f} %" if row.unit == "invoke" else f"{n:.2f} {row.unit}" for n in (row.value, row.goal))
    verdict = "met" if row.distance <= 0 else "MISSED"
    return f"{row.name:34}{value:>12}   goal {goal:>12}   {verdict:6} {100 * row.distance:+5.0f} %   {row.about}"
