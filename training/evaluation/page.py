"""A report as one HTML file that needs no other: the tables, the plots and the worst mistakes of each set."""

import base64
import html
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from training.evaluation import plots
from training.evaluation.figures import FIGURES, GROUPS, Measured
from training.evaluation.mistakes import Mistake, worst
from training.evaluation.results import Group, Result

STYLE = """
:root { color-scheme: light }
body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff; max-width: 1100px; margin: 2em auto;
  padding: 0 1em }
h1, h2, h3 { line-height: 1.2 } h2 { margin-top: 2.2em; border-bottom: 1px solid #ccc }
table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums }
th, td { padding: .25em .8em; text-align: right; border-bottom: 1px solid #e3e3e3; white-space: nowrap }
th:first-child, td:first-child { text-align: left } thead th { border-bottom: 2px solid #888; vertical-align: bottom }
td small, th small { color: #666; font-weight: normal } td small { display: block; line-height: 1.1 }
.wide { overflow-x: auto } .plots { display: flex; flex-wrap: wrap; gap: 1em }
.plots img { max-width: 100%; width: 530px } img.whole { max-width: min(100%, 900px) }
.pairs { display: flex; flex-wrap: wrap; gap: 1em } figure { margin: 0; width: 256px }
figcaption { font-size: 12px; line-height: 1.3; overflow-wrap: anywhere } summary { cursor: pointer; font-weight: 600 }
.meanings td:last-child { text-align: left; white-space: normal; color: #666; font-size: 13px; line-height: 1.25 }
"""


def page(title: str, parts: Iterable[str]) -> str:
    """Given a title and the parts of the body, already HTML, return the file."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">\n<title>{html.escape(title)}'
    body = "\n".join([f"<h1>{html.escape(title)}</h1>", *parts])
    return f"<!doctype html>\n<html lang=en>\n{head}</title>\n<style>{STYLE}</style>\n{body}\n</html>\n"


def write(path: Path, content: str) -> None:
    """Write a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def section(result: Result) -> str:
    """A measured set: its figures, then plots and mistakes for each group of products."""
    parts = [f"<h2>{html.escape(result.name)}</h2>", _figures({name: g.figures for name, g in result.groups.items()})]
    tables = {name: group.trials for name, group in result.groups.items()}
    parts.append(_plots(plots.roc(tables), plots.oscr(tables)))
    for place, (name, group) in enumerate(result.groups.items()):
        opened = " open" if place == 0 else ""
        inside = _group(group, result)
        parts.append(f"<details{opened}><summary>{name}: {html.escape(GROUPS[name])}</summary>{inside}</details>")
    return "\n".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table; its cells are already HTML, the first of each row names it. kind: its class, for the style."""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    inside = f"<thead><tr>{top}</tr></thead>\n<tbody>{body}</tbody>"
    return f'<div class=wide><table class="{kind}">{inside}</table></div>'


def cell(measured: Measured, name: str) -> str:
    """A figure with its interval under it, or a dash."""
    figure = measured.get(name)
    if figure is None:
        return "–"
    bounds = f"<small>{figure['low']:.3f} to {figure['high']:.3f}</small>" if "low" in figure else ""
    return f"{figure['value']:.3f}{bounds}"


def picture(png: bytes, whole: bool = False) -> str:
    """A plot as an element that holds its bytes."""
    kind = ' class="whole"' if whole else ""
    return f'<img{kind} alt="" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def _figures(groups: Mapping[str, Measured]) -> str:
    rows = ([name, *(cell(each, name) for each in groups.values()), meaning] for name, meaning in FIGURES.items())
    return table(["", *groups, ""], rows, "meanings")


def _group(group: Group, result: Result) -> str:
    marks = {f"{100 * point.far:g} % FAR": point.threshold for point in group.operating if point.far in (0.01, 0.001)}
    if "threshold_keeping_0.95" in group.figures:
        marks["keeps 95 %"] = group.figures["threshold_keeping_0.95"]["value"]
    operating = table(
        ["false accepts<br><small>FAR</small>", "threshold", "accepted<br><small>TAR</small>",
         "and rightly named<br><small>CCR</small>", "non-products accepted"],
        (
            [f"{100 * p.far:g} %", f"{p.threshold:.3f}", f"{p.tar:.3f}", f"{p.ccr:.3f}",
             "–" if p.non_products is None else f"{p.non_products:.3f}"]
            for p in group.operating
        ),
    )  # fmt: skip
    parts = ["<h3>Thresholds</h3>", operating]
    parts.append(_plots(plots.histogram(group.trials, marks), plots.errors(group.trials, marks)))
    parts.append(picture(plots.confusion(group.trials), whole=True))
    for heading, mistakes in worst(group.trials, result.photos).items():
        if mistakes:
            pairs = "".join(map(_mistake, mistakes))
            parts.append(f"<h3>{heading}</h3><div class=pairs>{pairs}</div>")
    return "\n".join(parts)


def _plots(*pngs: bytes) -> str:
    return "<div class=plots>" + "".join(map(picture, pngs)) + "</div>"


def _mistake(mistake: Mistake) -> str:
    own = "" if math.isnan(mistake.own) else f" (own {mistake.own:.3f})"
    caption = f"{mistake.truth or 'not a product'} taken for {mistake.rival}, {mistake.other:.3f}{own}"
    data = base64.b64encode(mistake.picture).decode()
    shown = f'<img alt="" src="data:image/jpeg;base64,{data}">'
    return f"<figure>{shown}<figcaption>{html.escape(caption)}</figcaption></figure>"
