import shutil
from pathlib import Path

import numpy as np
import pytest

from edge.images.reader import read_photo
from edge.model.card import load_card
from edge.model.cohort import load_cohort
from tests.tiny import TINY
from tests.training.photo_sets import random_vectors, write_set
from training.__main__ import main
from training.evaluation.drawn_banks import draw_banks
from training.evaluation.evidence import (
    Evidence,
    calibration_error,
    confidences,
    evidence,
    fit,
    leave_one_out,
    usual_likeness,
)


def test_a_third_is_left_out_and_no_scene_is_on_both_sides() -> None:
    embedded = random_vectors(9, 6, 1.5, shared_scenes=True)
    for bank in draw_banks(embedded, 4, 5):
        assert len(bank.gallery.rows) == 6 and set(map(len, bank.gallery.rows.values())) == {4}
        assert len(set(bank.truth)) == 9 and bank.known.sum() == 6 * 2 * 2
        assert (bank.probes[bank.known] @ bank.gallery.vectors.T).max() < 0.9999  # not the twin of an enrolled one


def test_the_weights_are_those_that_made_the_data() -> None:
    rng = np.random.default_rng(0)
    terms = np.column_stack([rng.uniform(0, high, 40_000) for high in (1, 0.5, 0.7)])
    right = rng.random(40_000) < 1 / (1 + np.exp(4 - terms @ [12, 6, -7]))
    data = Evidence(terms, right, np.full(40_000, 1 / 40_000))
    weights = fit([data], 0.4)
    found = (weights.bias, weights.score, weights.margin, weights.likeness)
    assert found == pytest.approx((-4, 12, 6, -7), rel=0.15)
    likely = confidences(data, weights)
    assert calibration_error(likely, right, data.weight) < 0.01
    assert calibration_error(np.minimum(1, likely + 0.2), right, data.weight) > 0.1


def test_confidence_holds_on_a_set_that_it_was_not_fitted_on() -> None:
    sets = {str(seed): random_vectors(15, 12, 1.4, seed) for seed in range(4)}
    others = random_vectors(40, 3, 0.0, 9).vectors
    usual = usual_likeness(list(sets.values()))
    evidences = {name: evidence(each, others, usual) for name, each in sets.items()}
    assert all(each.weight.sum() == pytest.approx(1) for each in evidences.values())
    for name, weights in leave_one_out(evidences, usual).items():
        held = evidences[name]
        assert calibration_error(confidences(held, weights), held.right, held.weight) < 0.05
        assert weights.score > 0 and weights.margin > 0


def test_the_command_writes_a_cohort_that_the_pi_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("tiny.tflite", "tiny.yaml"):
        shutil.copy(TINY.with_name(name), tmp_path / name)
    one, two = write_set(tmp_path / "one", split=False), write_set(tmp_path / "two", split=True)
    others = [f"{two / 'not-a-product'}=greys, MIT", f"{one / 'cola'}=reds"]
    words = ["cohort", str(tmp_path / "tiny.tflite"), "--products", str(one), "--products", str(two)]
    words += ["--plot", str(tmp_path / "plot.png")]
    assert main([*words, "--others", others[0], "--others", others[1]]) == 0
    card = load_card(tmp_path / "tiny.tflite")
    cohort = load_cohort(tmp_path / "tiny.tflite", card.id, card.dimension)
    assert cohort is not None and len(cohort.vectors) == 9 and cohort.sources == ("3 of greys, MIT", "6 of reds")
    assert card.about["cohort"]["vectors"] == 9 and card.about["decision"]["two"]["4 photos"]["nearest"] > 0.5
    printed = capsys.readouterr().out
    assert read_photo(tmp_path / "plot.png").ndim == 3
    assert "look-alikes" in printed and "tiny.cohort.npz" in printed


@pytest.mark.parametrize(
    ("others", "fault"),
    [
        (["greys"], "at least two --products"),
        (["greys=a", "missing=b"], "missing: no photos found"),
        (["greys=a", "greys"], "expected FOLDER=TEXT, got greys"),
    ],
)
def test_what_it_cannot_use_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], others: list[str], fault: str
) -> None:
    for name in ("tiny.tflite", "tiny.yaml"):
        shutil.copy(TINY.with_name(name), tmp_path / name)
    monkeypatch.chdir(tmp_path)
    write_set(tmp_path / "one", split=False)
    (write_set(tmp_path / "two", split=True) / "not-a-product").rename("greys")
    words = ["cohort", "tiny.tflite", "--products", "one", "--products", "two"]
    assert main(words + [word for each in others for word in ("--others", each)]) == 1
    assert fault in capsys.readouterr().err
    assert not (tmp_path / "tiny.cohort.npz").exists()
