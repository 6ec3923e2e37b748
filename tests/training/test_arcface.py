"""ArcFace against the paper's formula, computed another way: through the angles themselves."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

if keras.backend.backend() != "tensorflow":
    pytest.skip("the gradients are taken by TensorFlow's tape", allow_module_level=True)

from training.model.arcface import ArcFace  # noqa: E402

N, D, C = 24, 6, 5


def by_angles(x, w, one_hot, scale, margin, easy_margin=False):
    """s·cos(θ + m) for the true class, by arccos; numpy only."""
    logits = np.empty((len(x), w.shape[1]))
    for i, row in enumerate(x):
        for j, centre in enumerate(w.T):
            theta = math.acos(np.clip(row @ centre / np.linalg.norm(row) / np.linalg.norm(centre), -1, 1))
            value = math.cos(theta)
            if one_hot[i, j]:
                if easy_margin:
                    value = math.cos(theta + margin) if theta < math.pi / 2 else value
                elif theta + margin < math.pi:
                    value = math.cos(theta + margin)
                else:
                    value -= margin * math.sin(margin)
            logits[i, j] = scale * value
    return logits


def made(margin, easy_margin=False, scale=30.0, dtype="float64"):
    layer = ArcFace(C, scale, margin, easy_margin, dtype=dtype)
    layer.build([(None, D), (None, C)])
    rng = np.random.default_rng(1)
    w = rng.normal(size=(D, C))
    layer.set_weights([w])
    x = rng.normal(size=(N, D)) * rng.uniform(0.1, 9, (N, 1))
    one_hot = np.eye(C)[rng.integers(0, C, N)]
    # one embedding near its centre and one nearly opposite, so that both branches are met at every margin
    x[0], x[1] = w[:, one_hot[0].argmax()] * 3 + 0.01, -w[:, one_hot[1].argmax()] + 0.01
    return layer, x, w, one_hot


@pytest.mark.parametrize("easy_margin", [False, True])
@pytest.mark.parametrize("margin", [0.0, 0.05, 0.3, 0.5, 1.2])
def test_it_computes_the_papers_logits(margin, easy_margin):
    layer, x, w, one_hot = made(margin, easy_margin)
    logits = np.asarray(layer([x, one_hot]))
    np.testing.assert_allclose(logits, by_angles(x, w, one_hot, 30.0, margin, easy_margin), atol=0.02)
    far_from_poles = np.abs(logits / 30) < 0.99  # the floor under the sine is felt at the poles alone
    expected = by_angles(x, w, one_hot, 30.0, margin, easy_margin)
    np.testing.assert_allclose(logits[far_from_poles], expected[far_from_poles], atol=1e-6)


def test_the_true_class_must_do_better_than_the_others():
    layer, x, _, one_hot = made(0.5)
    with_margin = np.asarray(layer([x, one_hot]))
    without = np.asarray(layer([x, np.zeros_like(one_hot)]))
    assert (with_margin[one_hot == 1] < without[one_hot == 1]).all()
    np.testing.assert_array_equal(with_margin[one_hot == 0], without[one_hot == 0])


def test_logits_of_a_sample_depend_neither_on_the_other_samples_nor_on_lengths():
    """l2_normalize(x) without an axis, as first published, divides by the norm of the whole batch."""
    layer, x, w, one_hot = made(0.3)
    logits = np.asarray(layer([x, one_hot]))
    alone = np.concatenate([np.asarray(layer([x[i : i + 1], one_hot[i : i + 1]])) for i in range(N)])
    np.testing.assert_allclose(alone, logits, atol=1e-9)
    np.testing.assert_allclose(np.asarray(layer([x * 7, one_hot])), logits, atol=1e-6)
    layer.set_weights([w * np.arange(1, C + 1)])
    np.testing.assert_allclose(np.asarray(layer([x, one_hot])), logits, atol=1e-6)


def test_the_missing_axis_would_be_noticed():
    _, x, w, one_hot = made(0.3)
    cosine = tf.linalg.matmul(tf.math.l2_normalize(x), tf.math.l2_normalize(w)).numpy()
    first = tf.linalg.matmul(tf.math.l2_normalize(x[:1]), tf.math.l2_normalize(w)).numpy()
    assert np.abs(cosine[:1] - first).max() > 0.05, "the wrong formula depends on the rest of the batch"
    assert np.abs(30 * cosine - by_angles(x, w, 0 * one_hot, 30.0, 0.3)).max() > 5


@pytest.mark.parametrize("easy_margin", [False, True])
def test_its_gradient_is_that_of_finite_differences(easy_margin):
    layer, x, w, one_hot = made(0.5, easy_margin, scale=4.0)

    def loss(embedding, centres):
        layer.centres.assign(centres)
        return tf.reduce_mean(keras.losses.categorical_crossentropy(one_hot, layer([embedding, one_hot]), True))

    embedding = tf.constant(x)
    layer.centres.assign(w)
    with tf.GradientTape() as tape:
        tape.watch(embedding)
        value = tf.reduce_mean(keras.losses.categorical_crossentropy(one_hot, layer([embedding, one_hot]), True))
    by_tape = tape.gradient(value, [embedding, layer.centres.value])
    h = 1e-6
    for which, (at, gradient) in enumerate(zip((x, w), by_tape, strict=True)):
        for index in list(np.ndindex(at.shape))[:: 1 + at.size // 40]:
            step = np.zeros_like(at)
            step[index] = h
            plus, minus = ((x + s * step, w) if which == 0 else (x, w + s * step) for s in (1, -1))
            slope = (loss(*plus) - loss(*minus)) / (2 * h)
            assert float(gradient[index]) == pytest.approx(float(slope), abs=2e-6)


@pytest.mark.parametrize("where", [1.0, -1.0, 0.0])
@pytest.mark.parametrize("easy_margin", [False, True])
def test_at_the_poles_and_at_zero_everything_stays_finite(where, easy_margin):
    layer, _, w, _ = made(0.5, easy_margin, scale=64.0, dtype="float32")
    embedding, one_hot = tf.constant(where * w.T, tf.float32), np.eye(C, dtype=np.float32)
    with tf.GradientTape() as tape:
        tape.watch(embedding)
        logits = layer([embedding, one_hot])
        loss = tf.reduce_mean(keras.losses.categorical_crossentropy(one_hot, logits, True))
    assert np.isfinite(logits).all()
    for gradient in tape.gradient(loss, [embedding, layer.centres.value]):
        assert np.isfinite(gradient).all()


def test_it_survives_saving(tmp_path):
    inputs = [keras.Input((D,)), keras.Input((C,))]
    model = keras.Model(inputs, ArcFace(C, 20.0, 0.2, easy_margin=True)(inputs))
    model.save(tmp_path / "m.keras")
    x = [np.random.default_rng(0).normal(size=(3, D)).astype("f"), np.eye(C, dtype="f")[:3]]
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "m.keras")(x), model(x))


@pytest.mark.parametrize("wrong", [{"classes": 1}, {"scale": 0.0}, {"margin": -0.1}, {"margin": 2.0}])
def test_it_says_what_it_was_given(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        ArcFace(**{"classes": 5, "scale": 30.0, "margin": 0.5} | wrong)
