"""A measurement beside its goal."""

from typing import NamedTuple


class Measurement(NamedTuple):
    """What was measured, and the value that it is to have at most, or at least.

    value, goal: in the unit. unit: "ratio" to something else; "invoke", one invoke() of the model; "imports", what a
    bare Python takes to import numpy, cv2 and the runtime; "bare", one invoke() for every photo, shared among as many
    interpreters as work side by side; or MB. about: what else there is to say.
    """

    name: str
    value: float
    goal: float
    about: str = ""
    unit: str = "ratio"
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.distance <= 0

    @property
    def distance(self) -> float:
        """How far from the goal it is, as a part of the goal; not above 0 where the goal is met."""
        return (self.goal / self.value if self.at_least else self.value / self.goal) - 1


def line(row: Measurement) -> str:
    """Given a measurement, return it as a line of the table."""
    value, goal = (f"{100 * n:.1f} %" if row.unit == "invoke" else f"{n:.2f} {row.unit}" for n in (row.value, row.goal))
    verdict = "met" if row.met else "MISSED"
    return f"{row.name:34}{value:>12}   goal {goal:>12}   {verdict:6} {100 * row.distance:+5.0f} %   {row.about}"
