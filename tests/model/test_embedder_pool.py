import numpy as np
import pytest

from edge.errors import BadCrop
from edge.model.embedder import Embedder
from edge.model.embedder_pool import Embedders
from tests.tiny import TINY, colours


@pytest.mark.parametrize("most", [1, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 20])
def test_several_embed_as_one_does_and_in_order(most, count):
    alone = Embedder(TINY)
    several = Embedders(alone, most)
    crops = [colours(seed) for seed in range(count)]
    vectors = several.embed(crops)
    assert vectors.shape == (count, alone.card.dimension) and vectors.dtype == np.float32
    assert np.array_equal(vectors, alone.embed(crops)) and several.card == alone.card


def test_no_second_one_is_loaded_for_a_single_crop(monkeypatch):
    several = Embedders(Embedder(TINY), 4)
    monkeypatch.setattr(Embedder, "twin", lambda self: pytest.fail("another one was loaded"))
    assert len(several.embed([colours(1)])) == 1


def test_a_crop_that_is_none_is_refused():
    with pytest.raises(BadCrop):
        Embedders(Embedder(TINY), 2).embed([colours(1), np.zeros((0, 4, 3), np.uint8)])
