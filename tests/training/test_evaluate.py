from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BadPhoto
from tests.training.photo_sets import mean_colour, write_set
from training.data.photos import find_photos
from training.evaluation.crossvalidate import folds
from training.evaluation.embedded import Embed, embed_photos
from training.evaluation.figures import measure
from training.evaluation.protocol import trials


def test_a_working_embedding_is_told_from_a_blind_one(tmp_path: Path) -> None:
    photos = find_photos(write_set(tmp_path, split=True))

    def figures(embed: Embed) -> dict[str, float]:
        embedded = embed_photos(embed, photos)
        return {name: figure["value"] for name, figure in measure(trials(embedded, embedded.products)).items()}

    working = figures(mean_colour)
    assert working["accuracy"] == working["auroc"] == 1 and working["non_products_rejected"] == 1
    blind = figures(lambda crops: mean_colour([crop * 0 + 1 for crop in crops]))
    assert blind["accuracy"] == 0.25 and blind["auroc"] == 0.5


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
