"""Measurements beside their goals, as a table in Markdown."""

from collections.abc import Iterable

from edge.bench.measurement import Measurement


def goals(measurements: Iterable[Measurement]) -> str:
    """Given measurements, return their table; a distance is a part of the goal, positive where it is missed."""
    lines = ["| | measured | goal | | distance |", "|---|---|---|---|---|"]
    for each in measurements:
        bound = f"at {'least' if each.at_least else 'most'} {each.goal:.3g}"
        verdict = "met" if each.met else "**missed**"
        lines.append(f"| {each.name} | {each.value:.4g} | {bound} | {verdict} | {100 * each.distance:+.0f} % |")
    return "\n".join(lines)
