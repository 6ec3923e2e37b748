"""Ratios beside their goals, as a table."""

from collections.abc import Iterable
from typing import NamedTuple


class Goal(NamedTuple):
    """A ratio and what it is to be: at most, or at least, so much."""

    name: str
    value: float
    goal: float
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.value >= self.goal if self.least else self.value <= self.goal


def table(goals: Iterable[Goal]) -> str:
    """Given goals, return a table in Markdown; a distance is a part of the goal, positive where it is missed."""
    lines = ["| | measured | goal | | distance |", "|---|---|---|---|---|"]
    for each in goals:
        bound = f"at {'least' if each.least else 'most'} {each.goal:.3g}"
        distance = (each.goal / each.value if each.least else each.value / each.goal) - 1
        verdict = "met" if each.met else "**missed**"
        lines.append(f"| {each.name} | {each.value:.4g} | {bound} | {verdict} | {100 * distance:+.0f} % |")
    return "\n".join(lines)
