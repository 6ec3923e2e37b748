"""Cards against what is measured again."""

from pathlib import Path

import pytest

from edge.model.card import ModelCard
from tests.training.photo_sets import mean_colour, write_set
from training.data.photos import find_photos
from training.evaluation.embedded import embed_photos
from training.evaluation.reproduce import compare, not_measured, write_card
from training.evaluation.results import Result, result


@pytest.fixture
def measured(tmp_path: Path) -> Result:
    photos = find_photos(write_set(tmp_path / "shop", split=True))
    return result("shop", [embed_photos(mean_colour, photos, ["cola", "water"])], rounds=0)


@pytest.fixture
def card(tmp_path: Path, measured: Result) -> ModelCard:
    """A card with the figures of the set."""
    model = tmp_path / "m.tflite"
    model.write_bytes(b"")
    blank = ModelCard("", 8, 3, "float32", 0.9, about={"recipe": "none"})
    return write_card(blank, model, [measured], measured.groups["both"].operating, 0.87654)


def test_a_card_keeps_the_rest_and_says_what_was_measured(card: ModelCard, measured: Result) -> None:
    assert card.threshold == 0.8765
    assert [point.far for point in card.operating_points] == [0.1, 0.05, 0.01, 0.005, 0.001]
    assert card.about["recipe"] == "none"
    assert card.about["figures"]["shop"]["never-trained"]["accuracy"] == 1
    agree, differ = compare(card, [measured])
    assert agree == sum(len(group.figures) for group in measured.groups.values())
    assert differ == []


def test_a_figure_beyond_the_tolerance_is_reported(card: ModelCard, measured: Result) -> None:
    figures = card.about["figures"]["shop"]["both"]
    figures["accuracy"] -= 0.004
    figures["oscr"] -= 0.006
    assert compare(card, [measured])[1] == ["shop, both, oscr: card 0.994, measured 1.0"]


def test_a_figure_that_can_no_longer_be_measured_is_reported(card: ModelCard, measured: Result) -> None:
    del measured.groups["trained"]
    lines = compare(card, [measured])[1]
    assert lines
    assert all(line.startswith("shop, trained, ") and line.endswith("measured None") for line in lines)


def test_other_photos_are_no_other_figures(card: ModelCard, measured: Result) -> None:
    measured.photos[0].path.write_bytes(measured.photos[1].path.read_bytes())
    agree, differ = compare(card, [measured])
    assert agree == 0
    assert len(differ) == 1
    assert differ[0].startswith("shop: the card is of other photos")


def test_sets_of_only_one_side_are_no_difference(card: ModelCard, measured: Result) -> None:
    elsewhere = Result("home", measured.photos, measured.groups)
    assert compare(card, [elsewhere]) == (0, [])
    assert not_measured(card, [elsewhere]) == ["shop"]
    assert not_measured(card, [elsewhere, measured]) == []
