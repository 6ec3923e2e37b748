import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.recognition.decision import Decision, Rule
from edge.recognition.matcher import match
from edge.types import NOT_A_PRODUCT, Gallery


def gallery_of(rng: np.random.Generator, products: list[str], dimension: int = 6) -> Gallery:
    return Gallery(
        units(rng, len(products), dimension), tuple(products), tuple(f"{i}.jpg" for i in range(len(products)))
    )


def fixed(threshold: float, products: dict[str, float] | None = None) -> Decision:
    return Decision(Rule(threshold, products or {}), None)


def units(rng: np.random.Generator, count: int, dimension: int) -> np.ndarray:
    vectors = rng.normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


@settings(max_examples=200)
@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=30),
    st.floats(-1, 1),
    st.dictionaries(st.sampled_from("abcdefg"), st.floats(-1, 1)),
)
def test_equals_a_plain_search(seed, products, threshold, thresholds):
    rng = np.random.default_rng(seed)
    gallery, probes = gallery_of(rng, products), units(rng, 3, 6)
    for probe, answer in zip(probes, match(gallery, probes, fixed(threshold, thresholds)), strict=True):
        best = {}
        for vector, product, photo in zip(gallery.vectors, products, gallery.photos, strict=True):
            score = float(np.dot(probe.astype(float), vector.astype(float)))
            if product not in best or score > best[product][0]:
                best[product] = (score, photo)
        wanted = sorted(best.items(), key=lambda item: -item[1][0])[:3]
        assert [c.score for c in answer.candidates] == pytest.approx([score for _, (score, _) in wanted], abs=1e-5)
        assert len({c.product for c in answer.candidates}) == len(answer.candidates) == min(3, len(best))
        for candidate in answer.candidates:
            assert candidate.score == pytest.approx(best[candidate.product][0], abs=1e-5)
            assert gallery.products[gallery.photos.index(candidate.photo)] == candidate.product
        nearest = answer.candidates[0]
        assert answer.threshold == thresholds.get(nearest.product, threshold)
        assert answer.product == (nearest.product if nearest.score >= answer.threshold else None)


def test_an_enrolled_vector_finds_its_own_photo():
    rng = np.random.default_rng(1)
    gallery = gallery_of(rng, list("aabbccdd"))
    answers = match(gallery, gallery.vectors, fixed(0.999))
    assert [answer.photo for answer in answers] == list(gallery.photos)
    assert [answer.product for answer in answers] == list(gallery.products)
    assert all(answer.score <= 1 for answer in answers)


def test_an_empty_bank_knows_nothing():
    empty = Gallery(np.empty((0, 6), np.float32), (), ())
    (answer,) = match(empty, units(np.random.default_rng(0), 1, 6), fixed(0.5))
    assert (answer.product, answer.candidates, answer.score, answer.margin) == (None, (), None, None)


def test_no_probes_no_answers():
    assert match(gallery_of(np.random.default_rng(0), ["a"]), np.empty((0, 6), np.float32), 0.5) == []


def test_equal_scores_are_decided_by_the_order_of_enrollment():
    vector = np.array([[1, 0]], np.float32)
    gallery = Gallery(np.repeat(vector, 4, axis=0), ("b", "a", "b", "c"), ("1", "2", "3", "4"))
    assert [(c.product, c.photo) for c in match(gallery, vector, fixed(0.5))[0].candidates] == [
        ("b", "1"),
        ("a", "2"),
        ("c", "4"),
    ]


def test_the_stricter_threshold_of_the_nearest_product_makes_it_unknown():
    gallery = Gallery(np.array([[1, 0], [0.8, 0.6]], np.float32), ("water", "juice"), ("w.jpg", "j.jpg"))
    probe = np.array([[0.96, 0.28]], np.float32)
    assert match(gallery, probe, fixed(0.9))[0].product == "water"
    (strict,) = match(gallery, probe, fixed(0.9, {"water": 0.99}))
    assert (strict.product, strict.threshold, strict.candidates[0].product) == (None, 0.99, "water")


def test_a_vector_of_another_model_is_refused():
    with pytest.raises(ValueError, match=r"expected \(N, 6\)"):
        match(gallery_of(np.random.default_rng(0), ["a"]), np.ones((1, 5), np.float32), 0.5)


def test_a_probe_nearest_to_a_negative_is_unknown():
    gallery = Gallery(np.array([[1, 0], [0.8, 0.6]], np.float32), (NOT_A_PRODUCT, "juice"), ("n.jpg", "j.jpg"))
    crate, juice = match(gallery, np.array([[0.96, 0.28], [0.6, 0.8]], np.float32), fixed(0.5))
    assert (crate.product, crate.candidates[0].product) == (None, NOT_A_PRODUCT)
    assert juice.product == "juice"
