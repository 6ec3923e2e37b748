from pathlib import Path

import numpy as np
import pytest

from edge.errors import BadModel
from edge.model.cohort import Cohort, Weights, cohort_path, load_cohort, save_cohort

WEIGHTS = Weights(-5.0, 15.0, 6.0, -8.0, 0.4)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    vectors = np.random.default_rng(0).normal(size=(50, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    path = tmp_path / "m.tflite"
    save_cohort(path, "abc", Cohort(vectors, WEIGHTS, ("50 of nothing",)))
    return path


def test_it_comes_back_but_for_the_eighth_bit(model: Path) -> None:
    cohort = load_cohort(model, "abc", 32)
    vectors = np.random.default_rng(0).normal(size=(50, 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert cohort.weights == WEIGHTS and cohort.sources == ("50 of nothing",)
    assert np.sum(cohort.vectors * vectors, axis=1).min() > 0.9999
    assert np.linalg.norm(cohort.vectors, axis=1) == pytest.approx(np.ones(50), abs=1e-6)


def test_a_model_may_have_none(tmp_path: Path) -> None:
    assert load_cohort(tmp_path / "m.tflite", "abc", 32) is None


def test_one_of_another_model_is_refused(model: Path) -> None:
    with pytest.raises(BadModel, match="it is of model abc"):
        load_cohort(model, "xyz", 32)
    with pytest.raises(BadModel, match=r"expected \(M, 16\) int8"):
        load_cohort(model, "abc", 16)


@pytest.mark.parametrize("content", [b"", b"not a zip", None])
def test_a_damaged_one_is_refused(model: Path, content: bytes | None) -> None:
    path = cohort_path(model)
    path.write_bytes(path.read_bytes()[:-200] if content is None else content)
    with pytest.raises(BadModel, match="copy it again, or delete it"):
        load_cohort(model, "abc", 32)


def test_one_of_other_keys_is_refused(model: Path) -> None:
    np.savez(cohort_path(model), codes=np.zeros((1, 32), np.int8))
    with pytest.raises(BadModel, match="model"):
        load_cohort(model, "abc", 32)
