"""Measure what the service costs on this machine, relative to one bare run of the model."""

import json
from argparse import ArgumentParser, Namespace

from edge import exit_codes
from edge.assembly import parts
from edge.bench import large, limits
from edge.bench.measurement import line
from edge.bench.process import startup
from edge.bench.stages import stages
from edge.console.options import add_config, add_json, configuration


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    add_config(parser)


def run(args: Namespace) -> int:
    """Print a line for each goal: what was measured, the goal, the distance. Raise EdgeError."""

    config = configuration(args)
    embedder = parts.embedder(config)
    peak = limits.limits()
    invoke, rows = stages(embedder, config.match.votes)
    rows += large.banks(embedder) + large.photos(config.model, embedder) + startup(config.model, embedder.runtime)
    if args.json:
        plain = {"machine": limits.machine(), "limits": peak, "invoke": invoke}
        rounded = [row._asdict() | {"distance": round(row.distance, 3)} for row in rows]
        print(json.dumps(plain | {"rows": rounded}))
        return exit_codes.OK
    print(f"{limits.machine()}, {embedder.runtime.split('.')[0]}")
    print(f"{config.model.path.name}: {1000 * invoke:.1f} ms a bare invoke(); {limits.in_words(peak)}")
    for row in rows:
        print(line(row))
    return exit_codes.OK
