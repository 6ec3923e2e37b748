from math import isnan

import numpy as np
import pytest

from edge.recognition.decision import Rule
from edge.recognition.expected import Estimate, Share
from edge.types import NOT_A_PRODUCT, Gallery
from tests.recognition.test_decision import cohort, shop, strangers, unit


def test_photos_are_put_to_the_bank_without_them() -> None:
    gallery, _ = shop(products=5, photos=4)
    cosines = gallery.vectors @ gallery.vectors.T
    np.fill_diagonal(cosines, -1)
    nearest = np.array(gallery.products)[cosines.argmax(axis=1)]
    expected = Estimate(gallery).at(Rule(-1, cohort=cohort(strangers(100))))
    assert expected.right == Share.of(int((nearest == gallery.products).sum()), 20)
    assert expected.wrong.value == pytest.approx(1 - expected.right.value)
    assert expected.look_alikes.value == expected.others.value == 1  # everything reaches -1
    assert {name: share.trials for name, share in expected.products.items()} == dict.fromkeys(gallery.rows, 4)


def test_it_is_near_to_what_new_views_get() -> None:
    expected, named = [], []
    for seed in range(8):
        gallery, probes = shop(products=12, photos=8, seed=seed)
        rule = Rule(None, cohort=cohort(strangers(300)))
        expected.append(Estimate(gallery).at(rule).right.value)
        from edge.recognition.matcher import match

        answers = match(gallery, probes, rule.decision(gallery))
        named.append(np.mean([a.product == p for a, p in zip(answers, gallery.rows, strict=True)]))
    assert np.mean(expected) == pytest.approx(np.mean(named), abs=0.08)


def test_the_share_of_the_cohort_is_kept() -> None:
    gallery, probes = shop()
    near = unit(np.random.default_rng(5), np.concatenate([probes[:1].repeat(300, axis=0), strangers(700)]), 1.4)
    for share in (0.005, 0.02, 0.1):
        others = Estimate(gallery).at(Rule(None, cohort=cohort(near), false_accepts=share)).others
        assert others.value <= share + 0.005 and others.trials == 1000


def test_products_of_which_two_are_the_same_are_not_told_apart() -> None:
    gallery, _ = shop(products=4, photos=6)
    vectors = gallery.vectors.copy()
    vectors[6:12] = unit(np.random.default_rng(1), vectors[:6], 0.5)  # another print of the first one's label
    confused = Estimate(Gallery(vectors, gallery.products, gallery.photos)).confused()
    assert {(each.product, each.other) for each in confused} <= {("p00", "p01"), ("p01", "p00")}
    assert confused[0].photos >= 3 and confused[0].trials == 6


def test_one_photo_gives_no_estimate_and_negatives_are_not_asked_about() -> None:
    vectors = strangers(4)
    estimate = Estimate(Gallery(vectors, ("a", "b", NOT_A_PRODUCT, NOT_A_PRODUCT), ("1", "2", "3", "4")))
    expected = estimate.at(Rule(None, cohort=cohort(strangers(100, seed=3))))
    assert expected.right.trials == 0 and isnan(expected.right.value) and set(expected.products) == {"a", "b"}
    assert expected.look_alikes.trials == 2 and estimate.confused() == []


def test_the_interval_is_wilson_s() -> None:
    share = Share.of(8, 10)
    assert (share.value, round(share.low, 3), round(share.high, 3)) == (0.8, 0.49, 0.943)
    assert Share.of(0, 10).low == 0 and Share.of(0, 0).trials == 0
