import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.errors import BadModel
from edge.model.runtime import Runner
from edge.recognition import matcher as match
from edge.recognition.decision import Decision, Rule
from edge.recognition.int8_search import Int8Search
from edge.recognition.matcher import Matcher
from edge.types import Gallery

HALF = Decision(Rule(0.5), None)


def bank(seed: int, count: int, dimension: int, kind: str) -> np.ndarray:
    """Vectors as a model makes them (in groups, or all over), or as only a test does (mostly zero, and repeated)."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, dimension))
    if kind == "groups":
        vectors = rng.normal(size=(count // 20 + 1, dimension))[rng.integers(0, count // 20 + 1, count)] + 0.2 * vectors
    if kind == "sparse":
        vectors *= rng.random(vectors.shape) < 0.1
        vectors[:, 0] += 1e-3
    if kind == "repeated":
        vectors = vectors[rng.integers(0, min(5, count), count)]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors * rng.uniform(0.98, 1.02, (count, 1))).astype(np.float32)


banks = st.tuples(
    st.integers(0, 2**32 - 1),
    st.integers(1, 900),
    st.sampled_from([1, 3, 8, 100, 256]),
    st.sampled_from(["groups", "anywhere", "sparse", "repeated"]),
)


@settings(max_examples=80)
@given(banks)
def test_no_cosine_is_further_off_than_it_says(given_bank):
    vectors = bank(*given_bank)
    coded = Int8Search(vectors)
    for probe in (vectors[0], bank(given_bank[0] + 1, 1, *given_bank[2:])[0], -vectors[-1]):
        scores, error = coded.scores(probe)
        exact = vectors.astype(float) @ probe.astype(float)
        assert np.abs(scores - exact).max() <= error
        assert error < 0.012 * np.sqrt(vectors.shape[1])


@settings(max_examples=80)
@given(banks, st.integers(1, 40), st.integers(1, 7))
def test_the_search_by_codes_answers_as_the_search_without(given_bank, products, probes):
    vectors = bank(*given_bank)
    rng = np.random.default_rng(given_bank[0])
    names = tuple(f"p{number}" for number in rng.integers(0, products, len(vectors)))
    gallery = Gallery(vectors, names, tuple(f"{i}.jpg" for i in range(len(vectors))))
    asked = np.concatenate(
        [vectors[rng.integers(0, len(vectors), probes)], bank(given_bank[0] + 1, 1, *given_bank[2:])]
    )
    plain = match.match(gallery, asked, HALF)
    coded = match.match(gallery, asked, HALF, compact=Int8Search(vectors))
    for one, other in zip(coded, plain, strict=True):
        assert [c.score for c in one.candidates] == pytest.approx([c.score for c in other.candidates], abs=1e-5)
        assert len(one.candidates) == min(3, len(set(names)))
        for mine, theirs in zip(one.candidates, other.candidates, strict=True):
            tied = abs(mine.score - theirs.score) < 1e-5 and mine.photo != theirs.photo
            assert mine.photo == theirs.photo or tied


@pytest.mark.parametrize("coded", [False, True])
def test_many_probes_at_once_are_answered_as_each_by_itself(coded):
    vectors = bank(3, 600, 100, "groups")
    gallery = Gallery(vectors, tuple(f"p{i // 5}" for i in range(600)), tuple(f"{i}.jpg" for i in range(600)))
    probes = bank(4, match.MANY + 8, 100, "anywhere")
    compact = Int8Search(vectors) if coded else None
    together = match.match(gallery, probes, HALF, compact=compact)
    for row, one in enumerate(together):
        (alone,) = match.match(gallery, probes[row : row + 1], HALF, compact=compact)
        assert [(c.product, c.photo) for c in one.candidates] == [(c.product, c.photo) for c in alone.candidates]
        assert [c.score for c in one.candidates] == pytest.approx([c.score for c in alone.candidates], abs=1e-5)


def gallery_of(count: int) -> Gallery:
    vectors = bank(1, count, 16, "anywhere")
    return Gallery(vectors, tuple(f"p{i % 50}" for i in range(count)), tuple(f"{i}.jpg" for i in range(count)))


def test_a_bank_is_coded_once_it_is_large(monkeypatch):
    coded = []
    monkeypatch.setattr(match, "Int8Search", lambda vectors: coded.append(len(vectors)) or Int8Search(vectors))
    monkeypatch.setattr(match, "LARGE", 500 * 16 * 4)
    matcher = Matcher(gallery_of(499), Rule(0.5))
    assert coded == []
    gallery = gallery_of(500)
    matcher.exchange(gallery)
    assert coded == [500]
    for row in (0, 77, 499):
        assert matcher(gallery.vectors[row : row + 1])[0].photo == f"{row}.jpg"


def test_a_runtime_that_cannot_multiply_codes_exactly_is_not_trusted_with_them(monkeypatch, caplog):
    monkeypatch.setattr(Runner, "__call__", lambda self, probe: np.ones(self.output_shape, np.float32))
    monkeypatch.setattr(match, "LARGE", 0)
    gallery = gallery_of(500)
    with pytest.raises(BadModel, match="exactly"):
        Int8Search(gallery.vectors)
    (answer,) = Matcher(gallery, Rule(0.5))(gallery.vectors[5:6])
    assert answer.photo == "5.jpg" and "searched in float32" in caplog.text


def test_without_the_schema_a_large_bank_is_searched_in_float32(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "ai_edge_litert.schema_py_generated", None)
    monkeypatch.setattr(match, "LARGE", 0)
    gallery = gallery_of(500)
    (answer,) = Matcher(gallery, Rule(0.5))(gallery.vectors[5:6])
    assert answer.photo == "5.jpg"
    assert "searched in float32, more slowly: this needs ai-edge-litert" in caplog.text and "--how" not in caplog.text
