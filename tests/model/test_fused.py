import dataclasses
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.errors import BadModel
from edge.model.card import load_card, model_id
from edge.model.embedder import Embedder
from edge.model.fused import Fused
from edge.model.graph import fused
from tests.tiny import TINY, colours


def units(rng, count):
    vectors = rng.normal(size=(count, 8)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 300))
def test_its_scores_are_the_products_of_the_vectors(seed, count):
    bank = units(np.random.default_rng(seed), count)
    whole, embedder = Fused(fused(TINY.read_bytes()), bank), Embedder(TINY)
    for picture in (colours(seed % 97), colours(seed % 89 + 1)):  # the bank is still there for the second
        scores = whole.scores(picture)
        assert scores.shape == (count,) and scores.dtype == np.float32
        assert np.abs(scores - bank @ embedder.embed([picture])[0]).max() < 1e-5


def test_without_the_schema_it_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "ai_edge_litert.schema_py_generated", None)
    with pytest.raises(BadModel, match="needs ai-edge-litert .*--how batch"):
        fused(TINY.read_bytes())


def test_a_file_that_takes_the_bank_embeds_as_the_model_it_was_made_from(tmp_path):
    model = tmp_path / "fused.tflite"
    model.write_bytes(fused(TINY.read_bytes()))
    dataclasses.replace(load_card(TINY), id=model_id(model), fused=True).save(model)
    pictures = [colours(1), colours(2)]
    assert np.abs(Embedder(model).embed(pictures) - Embedder(TINY).embed(pictures)).max() < 1e-6
