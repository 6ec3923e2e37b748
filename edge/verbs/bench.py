"""Measure what the service costs on this machine, beside one bare run of the model."""

import json
from argparse import ArgumentParser, Namespace

from edge import exits
from edge.verbs.options import add_config, add_json, configuration


def add_arguments(parser: ArgumentParser) -> None:
    """Add the verb's options."""
    add_json(parser)
    add_config(parser)


def run(args: Namespace) -> int:
    """Print a line for each goal: what was measured, the goal, the distance. Raise EdgeError."""
    from edge.verbs import large, limits, parts
    from edge.verbs.costs import stages
    from edge.verbs.rows import line
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
