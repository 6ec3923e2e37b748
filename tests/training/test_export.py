"""What ships is what was trained, at every precision, on the runtime of the Pi."""

import os

import keras
import numpy as np
import pytest

if keras.backend.backend() != "tensorflow":
    pytest.skip("exporting runs on TensorFlow", allow_module_level=True)

from edge.errors import BadModel  # noqa: E402
from edge.model.card import load_card  # noqa: E402
from edge.model.embedder import Embedder  # noqa: E402
from edge.model.fused import Fused  # noqa: E402
from training.model import export as exporting  # noqa: E402
from training.model.export import PRECISIONS, check_size, export, export_fused, fault, vectors_of  # noqa: E402

SIZE, DIMENSION = 24, 48
FIELDS = {"threshold": 0.6, "about": {"recipe": "none"}}


def crops(n, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, SIZE, SIZE, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def small():
    keras.utils.set_random_seed(5)
    image = keras.Input((SIZE, SIZE, 3), dtype="uint8", name="image")
    x = keras.layers.Rescaling(1 / 127.5, -1)(image)
    x = keras.layers.Conv2D(32, 3, strides=2, activation="relu")(x)
    x = keras.layers.Conv2D(DIMENSION, 3, activation="relu")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, keras.layers.UnitNormalization()(x))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_edge_embeds_what_was_exported(precision, small, tmp_path):
    out = tmp_path / "small.tflite"
    card = export(small, out, precision, crops(30), crops(5, seed=1), FIELDS)
    assert load_card(out) == card
    assert (card.size, card.dimension, card.precision, card.threshold) == (SIZE, DIMENSION, precision, 0.6)
    golden = np.load(tmp_path / "small.golden.npz")
    np.testing.assert_array_equal(golden["crops"], crops(5, seed=1))
    vectors = Embedder(out).embed(list(golden["crops"]))
    assert (np.sum(vectors * golden["vectors"], axis=1) > 0.999).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4, err_msg="normalised in float32")
    assert fault(vectors, vectors_of(small, golden["crops"]), precision) is None
    assert sorted(os.listdir(tmp_path)) == ["small.golden.npz", "small.tflite", "small.yaml"]


def test_a_fused_export_scores_images_against_a_bank_of_any_size(small, tmp_path):
    out = tmp_path / "fused.tflite"
    export_fused(small, out, "float16", crops(4), FIELDS)
    load_card(out)
    bank = vectors_of(small, crops(7, seed=2))
    scores = exporting.run(out.read_bytes(), crops(3, seed=3), bank)
    assert scores.shape == (3, 7)
    np.testing.assert_allclose(scores, vectors_of(small, crops(3, seed=3)) @ bank.T, atol=2e-3)


def test_a_fused_export_embeds_and_scores_on_the_edge(small, tmp_path):
    out = tmp_path / "fused.tflite"
    assert export_fused(small, out, "float32", crops(4), FIELDS).fused
    expected = vectors_of(small, crops(3, seed=3))
    np.testing.assert_allclose(Embedder(out).embed(list(crops(3, seed=3))), expected, atol=1e-5)
    fused = Fused(out.read_bytes(), vectors_of(small, crops(7, seed=2)))
    scores = [fused.scores(crop) for crop in crops(3, seed=3)]
    np.testing.assert_allclose(scores, expected @ vectors_of(small, crops(7, seed=2)).T, atol=1e-5)


def test_a_file_that_does_not_agree_is_not_written(small, tmp_path, monkeypatch):
    real = exporting.convert
    other = keras.models.clone_model(small)
    monkeypatch.setattr(exporting, "convert", lambda saved, precision: real(exporting.save(other, tmp_path), precision))
    with pytest.raises(BadModel, match=r"cosine 0\.\d+ .* at least 0.9999"):
        export(small, tmp_path / "out" / "small.tflite", "float32", crops(1), crops(3), FIELDS)
    assert not (tmp_path / "out").exists()


def test_vectors_that_are_not_unit_are_refused(small, tmp_path):
    without = keras.Model(small.inputs, small.layers[-2].output)
    with pytest.raises(BadModel, match="length"):
        export(without, tmp_path / "small.tflite", "float32", crops(1), crops(3), FIELDS)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("precision", PRECISIONS)
def test_each_precision_has_its_bound(precision):
    expected = np.eye(3, 8, dtype=np.float32)
    for gap, passes in ((0.5, True), (2.0, False)):  # of the allowed distance
        cosine = 1 - gap * (1 - exporting.BOUNDS[precision])
        actual = expected.copy()
        actual[1, :3] = 0, cosine, np.sqrt(1 - cosine**2)
        assert (fault(actual, expected, precision) is None) == passes
    assert "length" in str(fault(0 * expected, expected, precision)), "a collapsed quantisation gives zero"
    assert "length" in str(fault(np.nan * expected, expected, precision))
    assert "length" in str(fault(1.03 * expected, expected, precision))


def test_a_file_without_weights_is_too_small(small):
    kernels = 3 * 3 * 3 * 32 + 3 * 3 * 32 * DIMENSION
    check_size(b"\0" * kernels * 4, small, "float32")
    with pytest.raises(BadModel, match="cannot hold"):
        check_size(b"\0" * (kernels * 4 - 1), small, "float32")


def test_an_unknown_precision_is_refused(small, tmp_path):
    with pytest.raises(BadModel, match="float32, float16, dynamic, int8, got int4"):
        export(small, tmp_path / "m.tflite", "int4", crops(1), crops(1), FIELDS)
