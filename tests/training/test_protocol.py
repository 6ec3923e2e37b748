import numpy as np
import pytest

from edge.errors import BadPhoto
from tests.training.photo_sets import random_vectors
from training.evaluation.embedded import EmbeddedSet
from training.evaluation.figures import FIGURES, grouped_trials, measure
from training.evaluation.protocol import ENROLLED, HALF_KNOWN, HALF_UNKNOWN, NON_PRODUCT, trials


def test_separate_products_are_named_and_told_from_unknown_ones() -> None:
    embedded = random_vectors(6, 10, separation=8)
    figures = {name: figure["value"] for name, figure in measure(trials(embedded, embedded.products)).items()}
    assert set(figures) == set(FIGURES)
    assert all(figures[name] == 1 for name in ("accuracy", "auroc", "auroc_half", "oscr", "tar_at_far_0.001"))
    assert figures["eer"] == 0 and figures["unknown_rejected"] == figures["non_products_rejected"] == 1


def test_noise_is_named_by_chance_even_if_a_scene_has_twins() -> None:
    embedded = random_vectors(8, 12, separation=0, shared_scenes=True)
    figures = measure(trials(embedded, embedded.products, draws=20))
    assert figures["accuracy"]["value"] == pytest.approx(1 / 8, abs=0.06)  # were twins on both sides, it would be 0.4
    assert figures["auroc_half"]["value"] == pytest.approx(0.5, abs=0.05)


def test_no_scene_is_enrolled_and_probed_in_the_same_draw() -> None:
    embedded = random_vectors(3, 6, separation=1, shared_scenes=True)
    table = trials(embedded, embedded.products, draws=1)
    enrolled = table.only(ENROLLED)
    assert len(enrolled.probe) == 3 * (6 - 4) * 2
    probed = {embedded.photos[row].scene for row in enrolled.probe}
    assert not probed & {embedded.photos[row].scene for row in table.rival}


def test_each_row_is_what_a_plain_loop_over_its_gallery_finds() -> None:
    embedded = random_vectors(4, 7, separation=0.5)
    table = trials(embedded, embedded.products, draws=1)
    enrolled = table.only(ENROLLED)
    probed = set(enrolled.probe.tolist())
    gallery = [i for i, photo in enumerate(embedded.photos) if photo.role == "any" and i not in probed]
    assert len(gallery) == 4 * 4
    for i, probe in enumerate(enrolled.probe):
        cosines = {row: float(embedded.vectors[row] @ embedded.vectors[probe]) for row in gallery}
        truth = embedded.photos[probe].product
        own = max(c for row, c in cosines.items() if embedded.photos[row].product == truth)
        other = max((c, row) for row, c in cosines.items() if embedded.photos[row].product != truth)
        nearest = max(cosines, key=cosines.__getitem__)
        assert (enrolled.truth[i], enrolled.named[i]) == (truth, embedded.photos[nearest].product)
        assert enrolled.own[i] == pytest.approx(own) and enrolled.other[i] == pytest.approx(other[0])
        assert enrolled.rival[i] == other[1] and enrolled.score[i] == pytest.approx(cosines[nearest])


def test_each_half_is_unknown_once_while_the_other_is_enrolled() -> None:
    embedded = random_vectors(5, 7, separation=8)
    table = trials(embedded, embedded.products, draws=1)
    known, unknown = table.only(HALF_KNOWN), table.only(HALF_UNKNOWN)
    assert sorted(known.truth) == sorted(unknown.truth) == sorted(np.repeat(embedded.products, 3))
    assert np.all(known.right) and not np.any(unknown.right)
    assert np.all(np.isnan(unknown.own)) and not np.any(np.isnan(known.own))


def test_non_products_have_no_product_of_their_own() -> None:
    embedded = random_vectors(3, 6, separation=1)
    others = trials(embedded, embedded.products, draws=2).only(NON_PRODUCT)
    assert len(others.probe) == 20 and np.all(others.truth == "") and np.all(np.isnan(others.own))
    assert np.array_equal(others.score, others.other) and not np.any(others.right)


def test_draws_differ_and_repeat_with_their_seed() -> None:
    embedded = random_vectors(3, 8, separation=1)
    first, again, other = (trials(embedded, embedded.products, draws=2, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(first.probe, again.probe) and not np.array_equal(first.probe, other.probe)


def test_too_few_scenes_are_refused_by_product() -> None:
    with pytest.raises(BadPhoto, match="p00: 3 scenes to enroll from, expected at least 4"):
        trials(random_vectors(2, 3, separation=1), ["p00", "p01"])
    with pytest.raises(BadPhoto, match="p00: no photo is left to be a probe"):
        trials(random_vectors(2, 4, separation=1), ["p00", "p01"])


def test_the_groups_probe_what_they_say_against_all_enrolled() -> None:
    folds = [random_vectors(6, 8, separation=0.7, left_out=out, split=True) for out in (("p00", "p01"), ("p02", "p03"))]
    tables = grouped_trials(folds, draws=1)
    probed = {group: set(table.only(ENROLLED).truth) for group, table in tables.items()}
    every = {f"p{i:02}" for i in range(6)}
    never = {"p00", "p01", "p02", "p03"}
    assert probed == {"trained": every, "never-trained": never, "never-trained-alone": never, "both": every}
    alone, full = (measure(tables[g])["accuracy"]["value"] for g in ("never-trained-alone", "never-trained"))
    assert alone > full  # two products are fewer to mistake than six
    assert set(grouped_trials([random_vectors(3, 6, separation=1)])) == {"never-trained"}
    assert set(grouped_trials([random_vectors(3, 6, separation=1, left_out=(), split=True)])) == {"trained"}


def test_products_trained_on_are_only_probed_with_photos_that_were_not() -> None:
    assert set(grouped_trials([random_vectors(4, 6, separation=1, left_out=("p00", "p01"))])) == {
        "never-trained",
        "never-trained-alone",
    }
    with pytest.raises(BadPhoto, match="no test/ of photos that were not"):
        grouped_trials([random_vectors(3, 6, separation=1, left_out=())])


def test_folds_of_other_photos_are_refused() -> None:
    with pytest.raises(ValueError, match="not of the same photos"):
        grouped_trials([random_vectors(3, 6, separation=1), random_vectors(3, 7, separation=1)])


def test_intervals_hold_the_figure_and_narrow_with_more_products() -> None:
    widths = []
    for products in (5, 40):
        embedded: EmbeddedSet = random_vectors(products, 8, separation=0.8)
        table = trials(embedded, embedded.products, draws=2)
        measured = measure(table, rounds=200)
        assert measured == measure(table, rounds=200)
        for name in ("accuracy", "auroc", "oscr", "eer"):
            assert measured[name]["low"] <= measured[name]["value"] <= measured[name]["high"]
        widths.append(measured["auroc"]["high"] - measured["auroc"]["low"])
    assert widths[1] < widths[0]
