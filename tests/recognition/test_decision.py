from dataclasses import replace
from math import log

import numpy as np
import pytest

from edge.model.cohort import Cohort, Weights
from edge.recognition.calibration import bank_likeness, calibrate, product_scores
from edge.recognition.decision import Rule
from edge.recognition.matcher import Matcher, match
from edge.types import NOT_A_PRODUCT, Gallery

WEIGHTS = Weights(bias=-6.0, score=15.0, margin=6.0, likeness=-8.0, usual_likeness=0.4)


def unit(rng: np.random.Generator, centres: np.ndarray, spread: float) -> np.ndarray:
    vectors = centres + spread * rng.normal(size=centres.shape) / np.sqrt(centres.shape[1])
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def shop(products: int = 6, photos: int = 4, dimension: int = 64, seed: int = 0) -> tuple[Gallery, np.ndarray]:
    """A bank and one more view of each of its products."""
    rng = np.random.default_rng(seed)
    centres = unit(rng, np.zeros((products, dimension)), 1.0)
    gallery = Gallery(
        unit(rng, centres.repeat(photos, axis=0), 0.6),
        tuple(f"p{i:02}" for i in range(products) for _ in range(photos)),
        tuple(f"{i}.jpg" for i in range(products * photos)),
    )
    return gallery, unit(rng, centres, 0.6)


def strangers(count: int, dimension: int = 64, seed: int = 1) -> np.ndarray:
    return unit(np.random.default_rng(seed), np.zeros((count, dimension)), 1.0)


def cohort(vectors: np.ndarray, weights: Weights = WEIGHTS) -> Cohort:
    return Cohort(vectors, weights)


def test_a_name_is_given_where_its_odds_are_good_enough() -> None:
    gallery, probes = shop()
    decision = Rule(None, cohort=cohort(strangers(500))).decision(gallery)
    for answer in match(gallery, np.concatenate([probes, strangers(200, seed=2)]), decision):
        best, second = answer.candidates[0].score, answer.candidates[1].score
        odds = -6 + 15 * best + 6 * (best - second) - 8 * decision.calibration.likeness
        assert answer.confidence == pytest.approx(1 / (1 + np.exp(-odds)))
        assert (answer.product is not None) == (answer.confidence >= 0.5) == (best >= answer.threshold)


def test_fewer_false_accepts_need_better_odds() -> None:
    gallery, _ = shop()
    few, many = (calibrate(gallery, cohort(strangers(500)), share) for share in (0.001, 0.1))
    assert few.needs["p00"] == pytest.approx(log(10)) and few.threshold("p00", 0.3) > many.threshold("p00", 0.3)


def test_at_most_the_stated_share_of_the_cohort_is_named() -> None:
    """Things that come near to one product: without them in the cohort, many are named."""
    gallery, probes = shop()
    rng = np.random.default_rng(5)
    near = unit(rng, np.concatenate([probes[:1].repeat(1000, axis=0), strangers(1000)]), 1.4)
    seen, new = near[::2], near[1::2]
    lax = Rule(None, cohort=cohort(strangers(500))).decision(gallery)
    strict = Rule(None, cohort=cohort(seen)).decision(gallery)
    named = [np.mean([a.product is not None for a in match(gallery, new, each)]) for each in (lax, strict)]
    assert named[0] > 0.1 and named[1] < 0.02
    needs = strict.calibration.needs
    assert needs["p00"] > max(need for name, need in needs.items() if name != "p00")


def test_given_thresholds_win() -> None:
    gallery, probes = shop()
    rule = Rule(0.9, {"p01": 0.2}, cohort(strangers(100)))
    answers = match(gallery, probes, rule.decision(gallery))
    assert [a.threshold for a in answers] == [0.2 if a.candidates[0].product == "p01" else 0.9 for a in answers]
    assert all(a.confidence is not None for a in answers)


def test_without_a_cohort_there_is_no_confidence() -> None:
    gallery, probes = shop()
    assert [a.confidence for a in match(gallery, probes[:1], Rule(0.5).decision(gallery))] == [None]
    with pytest.raises(ValueError, match="threshold or a cohort"):
        Rule(None)


def test_banks_of_look_alikes_need_higher_scores() -> None:
    rng = np.random.default_rng(3)
    gallery, _ = shop()
    alike = Gallery(unit(rng, gallery.vectors + 2 * gallery.vectors[:1], 0.1), gallery.products, gallery.photos)
    thresholds = [calibrate(each, cohort(strangers(300)), 0.01).threshold("p00", 0.5) for each in (gallery, alike)]
    assert thresholds[1] > thresholds[0] + 0.1


def test_the_likeness_of_a_bank_is_the_median_to_the_nearest_other_product() -> None:
    gallery, _ = shop(products=5)
    cosines = gallery.vectors @ gallery.vectors.T
    other = np.array(gallery.products)[:, None] != np.array(gallery.products)
    median = np.median(np.where(other, cosines, -1).max(axis=1))
    assert bank_likeness(gallery, 0.4) == pytest.approx((5 * median + 2 * 0.4) / 7)
    assert bank_likeness(shop(products=1)[0], 0.4) == 0.4


def test_product_scores_are_best_cosines_whatever_the_order() -> None:
    gallery, probes = shop(products=3, photos=2)
    order = [3, 0, 5, 1, 4, 2]
    mixed = Gallery(
        np.ascontiguousarray(gallery.vectors[order]),
        tuple(gallery.products[i] for i in order),
        tuple(gallery.photos[i] for i in order),
    )
    scores = dict(zip(mixed.rows, product_scores(mixed, probes).T, strict=True))
    for i, name in enumerate(("p00", "p01", "p02")):
        assert scores[name] == pytest.approx((probes @ gallery.vectors[2 * i : 2 * i + 2].T).max(axis=1), abs=1e-6)


@pytest.mark.parametrize("products", [(), ("a",), (NOT_A_PRODUCT,), ("a", NOT_A_PRODUCT)])
def test_the_smallest_banks(products: tuple[str, ...]) -> None:
    vectors = strangers(len(products)) if products else np.empty((0, 64), np.float32)
    gallery = Gallery(vectors, products, products)
    matcher = Matcher(gallery, Rule(None, cohort=cohort(strangers(100, seed=4))))
    (answer,) = matcher(strangers(1))
    assert answer.product == ("a" if products[:1] == ("a",) else None)
    assert (answer.confidence is None) == (not products)


def test_negatives_take_nothing_from_the_share() -> None:
    gallery, _ = shop()
    near = unit(np.random.default_rng(7), gallery.vectors[:1].repeat(500, axis=0), 0.9)
    negatives = Gallery(gallery.vectors, (NOT_A_PRODUCT,) * 4 + gallery.products[4:], gallery.photos)
    lax = cohort(near, replace(WEIGHTS, bias=-3.0))
    with_negatives, without = (calibrate(each, lax, 0.01) for each in (negatives, gallery))
    assert with_negatives.needs["p01"] < without.needs["p01"]


def test_given_thresholds_of_another_rule_hold_at_once_and_its_share_from_the_next_exchange_on() -> None:
    gallery, probes = shop()
    rule = Rule(None, cohort=cohort(strangers(100)))
    matcher = Matcher(gallery, rule)
    before = matcher(probes[:1])[0].threshold
    matcher.rule = replace(rule, products={"p00": 1.0})
    assert matcher(probes[:1])[0].threshold == 1.0
    matcher.rule = replace(rule, false_accepts=0.0001)
    assert matcher(probes[:1])[0].threshold == before
    matcher.exchange(gallery)
    assert matcher(probes[:1])[0].threshold > before
