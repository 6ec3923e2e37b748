"""Results as JSON under build/bench/results, and as plots in docs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks import material

RESULTS = material.BUILD / "results"
DOCS = material.ROOT / "docs"


def keep(name: str, found: Any) -> None:
    """Keep a result under a name."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1))


def draw(name: str, x: Sequence[float], lines: Mapping[str, Sequence[float]], labels: tuple[str, str]) -> None:
    """Plot lines over x, both axes logarithmic, into docs/NAME.svg."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = name
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 3.2), layout="constrained")
    for label, values in lines.items():
        axes.loglog(x, values, "o-", markersize=3, label=label)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.grid(alpha=0.3)
    if len(lines) > 1:
        axes.legend()
    figure.savefig(DOCS / f"{name}.svg", metadata={"Date": None})
    pyplot.close(figure)
