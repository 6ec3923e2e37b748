"""Every measurement, and how they are printed."""

import json
from typing import NamedTuple

from edge.assembly import parts
from edge.bench import large, limits
from edge.bench.measurement import Measurement, line
from edge.bench.process import startup
from edge.bench.stages import stages
from edge.config import Config


class Rounds(NamedTuple):
    """How often each work is done; more rounds give steadier medians."""

    stages: int = 40
    banks: int = 40
    photos: int = 5
    starts: int = 7
    limits: int = 15


ROUNDS = Rounds()


class Results(NamedTuple):
    """What was measured. machine: in words. limits: of one core. invoke: seconds of one bare invoke() of the model."""

    machine: str
    runtime: str
    model: str
    limits: dict[str, float]
    invoke: float
    rows: list[Measurement]

    def as_json(self) -> str:
        """One line of JSON."""
        rows = [row._asdict() | {"distance": round(row.distance, 3)} for row in self.rows]
        plain = {"machine": self.machine, "limits": self.limits, "invoke": self.invoke, "rows": rows}
        return json.dumps(plain)

    def as_lines(self) -> list[str]:
        """Lines for people: the machine, the model, then one per goal."""
        model = f"{self.model}: {1000 * self.invoke:.1f} ms a bare invoke(); {limits.in_words(self.limits)}"
        return [f"{self.machine}, {self.runtime}", model, *map(line, self.rows)]


def measure(config: Config, rounds: Rounds = ROUNDS) -> Results:
    """Given the configuration, measure its model and the service with it. Raise EdgeError."""
    embedder = parts.embedder(config)
    peak = limits.limits(rounds.limits)
    invoke, rows = stages(embedder, config.match.votes, rounds.stages)
    rows += large.banks(embedder, rounds.banks)
    rows += large.photos(config.model, embedder, rounds.photos)
    rows += startup(config.model, embedder.runtime, rounds.starts)
    return Results(limits.machine(), embedder.runtime.split(".")[0], config.model.path.name, peak, invoke, rows)
