"""Reports as HTML files that need no other file: tables, plots and the worst mistakes of each set."""

import base64
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from edge.model.card import ModelCard
from training.evaluation import plots
from training.evaluation.comparison import NEVER_TRAINED, Compared, by_group
from training.evaluation.figures import FIGURES, GROUPS
from training.evaluation.mistakes import worst
from training.evaluation.results import Group, Result
from training.evaluation.tables import COLUMNS

MARKED_FARS = (0.01, 0.001)
"""False accept rates whose thresholds are drawn into the plots."""

PLOTTED = ("accuracy", "auroc")
"""The figures whose intervals are drawn for each set and group of a comparison."""


def evaluation(title: str, card: ModelCard, protocol: str, results: Sequence[Result]) -> str:
    """Given a model's card, a sentence on how it was measured and what was measured, return the page."""
    return _render("evaluation.html", title=title, card=card, protocol=protocol, sets=[set_section(r) for r in results])


def comparison(protocol: str, compared: Sequence[Compared], folds: int) -> str:
    """Given measured rows and the number of folds, return the page."""
    groups = by_group(compared)
    trials = {each.label: each.results[0].groups["never-trained"].trials for each in compared}
    return _render(
        "comparison.html",
        title="Recipes compared",
        protocol=protocol,
        folds=folds,
        columns=COLUMNS,
        groups=groups,
        intervals={
            heading: [plots.intervals({label: each[name] for label, each in rows.items()}, name) for name in PLOTTED]
            for heading, rows in groups.items()
        },
        curves=[plots.roc(trials), plots.oscr(trials)],
        details={
            each.label: [set_section(measured.only(NEVER_TRAINED[0])) for measured in each.results] for each in compared
        },
    )


def set_section(result: Result) -> dict[str, Any]:
    """Given a measured set, return what the template shows of it; plots are PNG, pictures of mistakes JPEG."""
    tables = {name: group.trials for name, group in result.groups.items()}
    return {
        "name": result.name,
        "plots": [plots.roc(tables), plots.oscr(tables)],
        "groups": [_group(name, group, result) for name, group in result.groups.items()],
    }


def _group(name: str, group: Group, result: Result) -> dict[str, Any]:
    marks = {f"{100 * point.far:g} % FAR": point.threshold for point in group.operating if point.far in MARKED_FARS}
    if "threshold_keeping_0.95" in group.figures:
        marks["keeps 95 %"] = group.figures["threshold_keeping_0.95"]["value"]
    return {
        "name": name,
        "meaning": GROUPS[name],
        "figures": group.figures,
        "operating": group.operating,
        "plots": [plots.histogram(group.trials, marks), plots.errors(group.trials, marks)],
        "confusion": plots.confusion(group.trials),
        "mistakes": worst(group.trials, result.photos),
    }


def _render(template: str, **values: Any) -> str:
    environment = Environment(
        loader=PackageLoader("training.evaluation"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode()
    environment.globals["meanings"] = FIGURES
    html: str = environment.get_template(template).render(values)
    return html
