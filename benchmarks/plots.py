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
    pyplot = _pyplot(name)
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


def bars(name: str, values: Mapping[str, float], label: str) -> None:
    """Plot a bar a value, on a logarithmic axis, into docs/NAME.svg; the first is at the top."""
    pyplot = _pyplot(name)
    figure, axes = pyplot.subplots(figsize=(6, 0.6 + 0.26 * len(values)), layout="constrained")
    drawn = axes.barh(list(values), list(values.values()), log=True)
    axes.bar_label(drawn, fmt="%.2f", padding=2, fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_xlabel(label)
    figure.savefig(DOCS / f"{name}.svg", metadata={"Date": None})
    pyplot.close(figure)


def _pyplot(salt: str) -> Any:
    """Matplotlib for files, which gives the same file for the same values."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = salt
    from matplotlib import pyplot

    return pyplot
