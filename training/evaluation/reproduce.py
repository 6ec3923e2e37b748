"""The figures of a model's card: written from what was measured, and measured again."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edge.model.card import ModelCard, OperatingPoint
from training.evaluation.results import Operating, Result, digest

TOLERANCE = 0.005
"""How far a figure may be from the card's: processors round differently, and a probe or two may tip over."""


def compare(card: ModelCard, results: Sequence[Result]) -> tuple[int, list[str]]:
    """Given a card and what was measured, return how many figures agree and a line for each that does not.

    Sets that the card does not know, or that were not measured, are left out.
    """
    agree, differ = 0, []
    for name, result in _shared(card, results):
        kept = card.about["figures"][name]
        actual = digest(result.photos)
        if kept["photos"] != actual:
            differ.append(f"{name}: the card is of other photos, {kept['photos']}, than these, {actual}")
            continue
        measured = _plain(result)
        for group in [key for key in kept if key != "photos"]:
            for figure, value in kept[group].items():
                now = measured.get(group, {}).get(figure)
                if now is not None and abs(now - value) <= TOLERANCE:
                    agree += 1
                else:
                    differ.append(f"{name}, {group}, {figure}: card {value}, measured {now}")
    return agree, differ


def not_measured(card: ModelCard, results: Sequence[Result]) -> list[str]:
    """Given a card and what was measured, return the sets whose figures were not."""
    return sorted(set(card.about.get("figures", {})) - {result.name for result in results})


def write_card(
    card: ModelCard, model: Path, results: Sequence[Result], operating: Sequence[Operating], threshold: float
) -> ModelCard:
    """Given a card and what was measured, write the figures, operating points and threshold into it and return it."""
    figures = card.about.get("figures", {}) | {
        result.name: {"photos": digest(result.photos)} | _plain(result) for result in results
    }
    points = tuple(OperatingPoint(p.far, round(p.threshold, 4), round(p.tar, 4)) for p in operating)
    about = card.about | {"figures": figures}
    card = dataclasses.replace(card, threshold=round(threshold, 4), operating_points=points, about=about)
    card.save(model)
    return card


def _shared(card: ModelCard, results: Sequence[Result]) -> list[tuple[str, Result]]:
    known = card.about.get("figures", {})
    return [(result.name, result) for result in results if result.name in known]


def _plain(result: Result) -> dict[str, Any]:
    return {
        name: {figure: round(measured["value"], 4) for figure, measured in group.figures.items()}
        for name, group in result.groups.items()
    }
