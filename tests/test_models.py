"""The models that ship: each is what its card says, and gives here the vectors that it gave where it was exported."""

from pathlib import Path

import numpy as np
import pytest

from edge.config import ModelConfig
from edge.model.cohort import Weights, load_cohort
from edge.model.embedder import Embedder

NAMES = ("bottlebank", "bottlebank-int8")
LEAST = {"float16": 0.999, "int8": 0.98}
"""The cosine to what the trained model gave, as promised in docs/training.md."""


@pytest.mark.parametrize("name", NAMES)
def test_it_gives_the_vectors_of_its_golden_file(name: str) -> None:
    model = ModelConfig(Path(name)).path
    embedder, golden = Embedder(model), np.load(model.with_suffix(".golden.npz"))
    vectors = embedder.embed(list(golden["crops"]))
    assert vectors.shape == golden["vectors"].shape == (8, embedder.card.dimension)
    assert np.sum(vectors * golden["vectors"], axis=1).min() >= LEAST[embedder.card.precision]


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_cohort_that_its_card_describes(name: str) -> None:
    model = ModelConfig(Path(name)).path
    card = Embedder(model).card
    cohort = load_cohort(model, card.id, card.dimension)
    assert cohort is not None and len(cohort.vectors) == card.about["cohort"]["vectors"] >= 900
    assert cohort.weights == Weights(**card.about["cohort"]["weights"])
    assert list(cohort.sources) == card.about["cohort"]["sources"]
    errors = [measured["calibration_error"] for measured in card.about["decision"].values()]
    assert len(errors) == 3 and max(errors) < 0.05


def test_they_can_do_the_same_and_the_first_is_the_default() -> None:
    cards = [Embedder(ModelConfig(Path(name)).path).card for name in NAMES]
    assert cards[0].about["trained"] == cards[1].about["trained"] and cards[0].id != cards[1].id
    thresholds = [{point.far: point.threshold for point in card.operating_points} for card in cards]
    assert all(abs(thresholds[0][far] - thresholds[1][far]) < 0.01 for far in (0.1, 0.01, 0.001))
    assert ModelConfig() == ModelConfig(Path("bottlebank"))


@pytest.mark.parametrize("path", ["mine.tflite", "models/mine", "/models/mine"])
def test_any_other_path_is_a_file(path: str) -> None:
    assert ModelConfig(Path(path)).path == Path(path)
