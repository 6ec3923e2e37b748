from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from edge.errors import BadCrop, BadModel
from edge.model import embedder as embed
from edge.model.card import load_card, model_id
from edge.model.embedder import Embedder
from tests.tiny import TINY


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(TINY)


crops = st.tuples(st.integers(1, 60), st.integers(1, 60), st.just(3)).flatmap(lambda shape: arrays(np.uint8, shape))


@settings(max_examples=30)
@given(st.lists(crops, max_size=4))
def test_a_unit_vector_for_each_crop_whatever_stands_beside_it(embedder, some):
    vectors = embedder.embed(some)
    assert vectors.shape == (len(some), 8) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    for crop, vector in zip(some, vectors, strict=True):
        assert np.array_equal(embedder.embed([crop])[0], vector)


def test_a_twin_gives_the_same_vectors(embedder):
    twin = embedder.twin()
    assert twin.runner is not embedder.runner and twin.card is embedder.card
    crop = np.full((20, 30, 3), 77, np.uint8)
    assert np.array_equal(twin.embed([crop]), embedder.embed([crop]))


def test_another_picture_has_another_vector(embedder):
    dark, light = embedder.embed([np.full((9, 9, 3), level, np.uint8) for level in (20, 230)])
    assert dark @ light < 0.9


def test_an_empty_crop_is_refused(embedder):
    with pytest.raises(BadCrop):
        embedder.embed([np.zeros((0, 5, 3), np.uint8)])


@pytest.mark.parametrize("change", [{"size": 64}, {"dimension": 9}])
def test_a_card_of_another_shape_is_refused_with_both_shapes(change, tmp_path):
    model = tmp_path / "tiny.tflite"
    model.write_bytes(TINY.read_bytes())
    replace(load_card(TINY), **change).save(model)
    with pytest.raises(BadModel, match=r"the file maps \(1, 32, 32, 3\) uint8 to \(1, 8\) float32, its card says"):
        Embedder(model)


def test_a_card_of_another_file_is_refused(tmp_path):
    model = tmp_path / "tiny.tflite"
    model.write_bytes(TINY.read_bytes() + b"\0")
    load_card(TINY).save(model)
    with pytest.raises(BadModel, match="SHA-256"):
        Embedder(model)
    assert model_id(model) != load_card(TINY).id


def test_a_collapsed_model_is_refused(monkeypatch):
    real = embed.load_model

    def collapsed(*given):
        runner = real(*given)
        runner.grey = runner.grey * 0
        return runner

    monkeypatch.setattr(embed, "load_model", collapsed)
    with pytest.raises(BadModel, match="length 1 ± 0.02, got 0.000"):
        Embedder(TINY)
