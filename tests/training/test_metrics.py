import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from training.evaluation import metrics

# few distinct values, so that ties are frequent
scores = arrays(np.float64, st.integers(1, 30), elements=st.integers(-8, 8).map(lambda n: n / 8))
shares = st.sampled_from([0.0, 0.001, 0.01, 0.05, 0.29, 0.5, 0.95, 1.0])


@given(scores, scores)
def test_auroc_is_the_chance_that_genuine_beats_impostor(genuine, impostor) -> None:
    wins = [1.0 if g > i else 0.5 if g == i else 0.0 for g in genuine for i in impostor]
    assert metrics.auroc(genuine, impostor) == pytest.approx(np.mean(wins))


@given(scores, scores)
def test_auroc_is_the_area_under_the_roc(genuine, impostor) -> None:
    curve = metrics.roc(genuine, impostor)
    assert (curve.far[0], curve.rate[0], curve.far[-1], curve.rate[-1]) == (0, 0, 1, 1)
    area = np.sum(np.diff(curve.far) * (curve.rate[1:] + curve.rate[:-1]) / 2)
    assert metrics.auroc(genuine, impostor) == pytest.approx(area)


@given(scores, scores)
def test_auroc_keeps_under_any_rising_function_and_mirrors_when_swapped(genuine, impostor) -> None:
    area = metrics.auroc(genuine, impostor)
    assert metrics.auroc(np.exp(3 * genuine), np.exp(3 * impostor)) == pytest.approx(area)
    assert metrics.auroc(impostor, genuine) == pytest.approx(1 - area)


def test_auroc_of_two_normals_is_the_closed_form() -> None:
    generator = np.random.default_rng(0)
    genuine, impostor = generator.normal(1, 1, 40_000), generator.normal(0, 1, 40_000)
    expected = 0.5 * (1 + math.erf(1 / math.sqrt(2) / math.sqrt(2)))  # Phi(d' / sqrt 2)
    assert metrics.auroc(genuine, impostor) == pytest.approx(expected, abs=0.005)
    assert metrics.eer(genuine, impostor) == pytest.approx(0.5 * (1 - math.erf(0.5 / math.sqrt(2))), abs=0.005)


@given(scores, scores)
def test_every_point_of_the_roc_is_what_its_threshold_gives(genuine, impostor) -> None:
    for threshold, far, tar in zip(*metrics.roc(genuine, impostor), strict=True):
        assert far == pytest.approx(np.mean(impostor >= threshold))
        assert tar == pytest.approx(np.mean(genuine >= threshold))


@given(scores, scores, shares)
def test_the_threshold_for_a_far_is_the_least_that_keeps_it(genuine, impostor, far) -> None:
    threshold = metrics.threshold_at_far(impostor, far)
    assert np.mean(impostor >= threshold) <= far + 1e-12
    looser = [t for t in np.concatenate((genuine, impostor)) if t < threshold]
    assert all(np.mean(impostor >= t) > far for t in looser if t in impostor)
    reachable = [np.mean(genuine >= t) for t in np.append(genuine, np.inf) if np.mean(impostor >= t) <= far]
    assert metrics.tar_at_far(genuine, impostor, far) == max(reachable)


@given(scores, st.sampled_from([0.01, 0.29, 0.5, 0.95, 1.0]))
def test_the_threshold_that_keeps_a_share_is_the_greatest(genuine, share) -> None:
    threshold = metrics.threshold_keeping(genuine, share)
    assert metrics.accepted(genuine, threshold) >= share - 1e-12
    assert all(np.mean(genuine >= t) < share for t in genuine if t > threshold)


def test_a_threshold_for_float32_scores_keeps_its_far_in_float32() -> None:
    impostor = np.float32([0.1, 0.2, 0.7])
    threshold = metrics.threshold_at_far(impostor, 0.0)
    assert metrics.accepted(impostor, threshold) == 0 and threshold == pytest.approx(0.7)


@given(scores, scores)
def test_eer_lies_on_the_roc_where_both_errors_are_equal(genuine, impostor) -> None:
    rate = metrics.eer(genuine, impostor)
    curve = metrics.roc(genuine, impostor)
    # the polyline may rise upright at one far: the point is between its neighbours there
    below, above = curve.rate[curve.far <= rate + 1e-9].max(), curve.rate[curve.far >= rate - 1e-9].min()
    assert min(below, above) - 1e-9 <= 1 - rate <= max(below, above) + 1e-9


def test_eer_of_separated_and_of_reversed_scores() -> None:
    high, low = np.array([0.8, 0.9]), np.array([0.1, 0.2])
    assert metrics.eer(high, low) == 0 and metrics.eer(low, high) == 1
    assert metrics.eer(high, high) == pytest.approx(0.5)


@given(scores, scores, st.integers(0, 2**30))
def test_oscr_area_is_that_of_its_curve_and_within_accuracy_and_auroc(known, unknown, seed) -> None:
    right = np.random.default_rng(seed).random(len(known)) < 0.6
    curve = metrics.oscr(known, right, unknown)
    if right.any():
        for threshold, far, ccr in zip(*curve, strict=True):
            assert far == pytest.approx(np.mean(unknown >= threshold))
            assert ccr == pytest.approx(np.mean((known >= threshold) & right))
        area = np.sum(np.diff(curve.far) * (curve.rate[1:] + curve.rate[:-1]) / 2)
        assert metrics.oscr_area(known, right, unknown) == pytest.approx(area)
    assert metrics.oscr_area(known, right, unknown) <= min(right.mean(), metrics.auroc(known, unknown)) + 1e-12
    assert metrics.oscr_area(known, np.ones_like(right), unknown) == pytest.approx(metrics.auroc(known, unknown))


def test_undefined_figures_are_nan_not_zero() -> None:
    none, some = np.array([]), np.array([0.5])
    undefined = [
        metrics.auroc(none, some),
        metrics.eer(some, none),
        metrics.tar_at_far(some, none, 0.01),
        metrics.threshold_keeping(none, 0.95),
        metrics.rejected(none, 0.5),
        metrics.oscr_area(some, np.array([True]), none),
    ]
    assert all(np.isnan(figure) for figure in undefined)


def test_rejections_are_counted() -> None:
    assert metrics.rejected(np.array([0.1, 0.5, 0.9, 0.2]), 0.5) == 0.5


def test_the_bootstrap_of_a_mean_covers_it_as_often_as_it_says() -> None:
    generator = np.random.default_rng(1)
    rows = [str(i) for i in range(60)]
    covered = 0
    for seed in range(100):
        sample = generator.normal(0, 1, 60)
        ((low, high),) = metrics.bootstrap(lambda i, sample=sample: [sample[i].mean()], rows, rounds=200, seed=seed)
        covered += low <= 0 <= high
    assert 86 <= covered <= 100  # 95 % nominal; the binomial 3-sigma band around what small samples reach


def test_the_bootstrap_draws_whole_groups_and_repeats_with_its_seed() -> None:
    values = np.repeat([0.0, 1.0], 50)

    def mean(rows):
        return [values[rows].mean(), -values[rows].mean()]

    products = ["a"] * 50 + ["b"] * 50
    assert metrics.bootstrap(mean, products, seed=3) == [(0, 1), (-1, 0)]  # 0, a half or 1 can come out
    photos = [str(i) for i in range(100)]
    alone, mirrored = metrics.bootstrap(mean, photos, seed=3)
    assert 0.3 < alone.low < 0.5 < alone.high < 0.7 and mirrored == (-alone.high, -alone.low)
    assert [alone, mirrored] == metrics.bootstrap(mean, photos, seed=3)


def test_every_stratum_keeps_its_number_of_groups() -> None:
    groups, strata = ["a", "b", "c", "d", "e"], ["product"] * 2 + ["other"] * 3
    counts = metrics.bootstrap(lambda rows: [np.sum(rows < 2), np.sum(rows >= 2)], groups, strata)
    assert counts == [(2, 2), (3, 3)]


def test_the_bootstrap_leaves_out_rounds_without_a_figure() -> None:
    sometimes, never = metrics.bootstrap(lambda rows: [1.0 if 0 in rows else np.nan, np.nan], ["a", "b"])
    assert sometimes == (1, 1) and all(np.isnan(never))


def test_opis_is_zero_where_one_threshold_serves_all_alike_and_grows_where_it_does_not() -> None:
    rng = np.random.default_rng(0)
    impostor = [rng.normal(0.3, 0.1, 4000) for _ in range(2)]
    alike = metrics.opis([rng.normal(0.7, 0.1, 4000) for _ in range(2)], impostor)
    unlike = metrics.opis([rng.normal(0.7, 0.1, 4000), rng.normal(0.45, 0.1, 4000)], impostor)
    assert alike < 0.001 < 0.02 < unlike


def test_opis_equals_the_formula_on_a_small_case() -> None:
    genuine, impostor = [np.array([0.9, 0.5]), np.array([0.9, 0.8])], [np.array([0.1, 0.6]), np.array([0.2, 0.4])]
    found = metrics.opis(genuine, impostor, far=(0.0, 0.5))
    total, steps = 0.0, np.linspace(np.nextafter(0.2, 1), np.nextafter(0.6, 1), metrics.OPIS_STEPS)
    for t in steps:
        utilities = []
        for own, other in zip(genuine, impostor, strict=True):
            sensitivity, specificity = np.mean(own >= t), np.mean(other < t)
            utilities.append(2 * sensitivity * specificity / (sensitivity + specificity))
        total += np.mean((np.array(utilities) - np.mean(utilities)) ** 2)
    assert found == pytest.approx(total / len(steps), abs=0.002)
