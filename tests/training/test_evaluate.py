from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BadPhoto
from tests.training.photo_sets import mean_colour, write_set
from training.evaluation.crossvalidate import folds
from training.evaluation.evaluate import quick


def test_quick_tells_a_working_embedding_from_a_blind_one(tmp_path: Path) -> None:
    photos = write_set(tmp_path, split=True)
    figures = quick(mean_colour, photos)
    assert figures["accuracy"] == figures["auroc"] == 1 and figures["non_products_rejected"] == 1
    blind = quick(lambda crops: mean_colour([crop * 0 + 1 for crop in crops]), photos)
    assert blind["accuracy"] == 0.25 and blind["auroc"] == 0.5


def test_quick_keeps_to_the_products_it_is_given(tmp_path: Path) -> None:
    embedded = []

    def embed(crops):
        embedded.extend(crops)
        return mean_colour(crops)

    quick(embed, write_set(tmp_path, split=True), ["cola", "water"])
    assert len(embedded) == 2 * 12 + 3


@given(st.integers(4, 40), st.integers(2, 8), st.integers(0, 99))
def test_every_product_is_left_out_of_exactly_one_fold(count: int, k: int, seed: int) -> None:
    products = [f"p{i}" for i in range(count)]
    if k > count // 2:
        with pytest.raises(BadPhoto, match=f"{k} folds of {count} products"):
            folds(products, k, seed)
        return
    parts = folds(products, k, seed)
    assert sorted(sum(parts, [])) == sorted(products) and len(parts) == k
    assert max(map(len, parts)) - min(map(len, parts)) <= 1 and parts == folds(products[::-1], k, seed)
