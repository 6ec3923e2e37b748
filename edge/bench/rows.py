"""A measurement beside its goal, and how it is told."""

from typing import NamedTuple


class Measurement(NamedTuple):
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


def line(row: Measurement) -> str:
    """Given a measurement, return it as a line of the table."""
    value, goal = (f"{100 * n:.1f} %" if row.unit == "invoke" else f"{n:.2f} {row.unit}" for n in (row.value, row.goal))
    verdict = "met" if row.distance <= 0 else "MISSED"
    return f"{row.name:34}{value:>12}   goal {goal:>12}   {verdict:6} {100 * row.distance:+5.0f} %   {row.about}"
