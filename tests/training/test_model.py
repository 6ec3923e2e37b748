"""The backbones by name, what a stage unfreezes, and the two models."""

import keras
import numpy as np
import pytest

from edge.errors import BadConfig
from training.model import backbones
from training.model.network import Head, extractor, training_model

SIZE, CLASSES = 32, 3


@pytest.fixture(scope="module")
def small():
    """A narrow MobileNetV2 whose batch normalisation keeps the statistics it came with, as if it had been trained."""
    keras.utils.set_random_seed(3)
    return extractor("mobilenet_v2", SIZE, weights=None, alpha=0.35)


def tiny():
    """An extractor of one convolution: what trains a model is the same for every trunk."""
    image = keras.Input((SIZE, SIZE, 3), dtype="uint8")
    x = keras.layers.Conv2D(16, 5, strides=3, activation="relu")(keras.layers.Rescaling(1 / 127.5, -1)(image))
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, keras.layers.UnitNormalization(name="unit")(x))


def images(n=4, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, SIZE, SIZE, 3), dtype=np.uint8)


@pytest.mark.parametrize("name", backbones.BACKBONES)
def test_every_stage_of_every_backbone_trains_more_than_the_one_above(name):
    network = backbones.trunk(name, 96 if name == "xception" else 64, None)
    trained = []
    for stage in (backbones.HEAD, *backbones.find(name).blocks, backbones.STEM):
        backbones.unfreeze(network, name, stage)
        trained.append(len(network.trainable_weights))
    assert trained[0] == 0
    assert trained == sorted(set(trained))
    statistics = sum("moving" in weight.path for weight in network.weights)
    of_the_input = sum("normalization" in weight.path.split("/")[0] for weight in network.weights) * (
        name == "efficientnet_b0"
    )
    assert trained[-1] == len(network.weights) - statistics - of_the_input, "the last stage trains every layer"


def test_an_extractor_gives_unit_vectors_of_uint8_and_of_float(small):
    vectors = small.predict(images(), verbose=0)
    assert vectors.shape == (4, 1280)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(small.predict(images().astype(np.float32), verbose=0), vectors, atol=1e-5)


def test_preprocessing_is_inside_the_graph(small):
    grey = small.get_layer("rescale")(np.array([[[[0, 127.5, 255]]]], np.float32))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(grey).ravel(), [-1, 0, 1])


def test_trained_statistics_stay_and_missing_ones_are_learned(small, tmp_path):
    small.save(tmp_path / "small.keras")
    trained = extractor("mobilenet_v2", SIZE, str(tmp_path / "small.keras"), alpha=0.35)
    np.testing.assert_allclose(trained.predict(images(), verbose=0), small.predict(images(), verbose=0), atol=1e-6)
    for model, moves in ((trained, False), (extractor("mobilenet_v2", SIZE, None, alpha=0.35), True)):
        before = model.get_weights()
        model(images(), training=True)
        pairs = zip(before, model.get_weights(), model.weights, strict=True)
        model.get_layer("trunk")(images().astype(np.float32), training=True)
        moved = {weight.path for a, b, weight in pairs if not np.array_equal(a, b)}
        assert moved == {weight.path for weight in model.weights if moves and "moving" in weight.path}


@pytest.mark.parametrize("kind", ["arcface", "softmax"])
def test_training_moves_the_extractor_it_was_made_of(kind):
    student = tiny()
    before = student.predict(images(), verbose=0)
    model = training_model(student, CLASSES, Head(kind))
    model.compile("adam", keras.losses.CategoricalCrossentropy(from_logits=True))
    one_hot = np.eye(CLASSES, dtype=np.float32)[[0, 1, 2, 0]]
    model.fit([images(), one_hot], one_hot, epochs=2, verbose=0)
    assert np.abs(student.predict(images(), verbose=0) - before).max() > 1e-3


def test_images_without_a_class_are_held_near_the_teacher_and_no_others():
    teacher, student = (tiny() for _ in range(2))
    model = training_model(student, CLASSES, Head(), teacher, distill=2.0)
    model.compile("sgd", keras.losses.CategoricalCrossentropy(from_logits=True))
    none = np.zeros((4, CLASSES), np.float32)
    before = [extractor.predict(images(), verbose=0) for extractor in (student, teacher)]
    drift = 1 - np.sum(before[0] * before[1], axis=1)
    assert drift.min() > 1e-3
    assert model.evaluate([images(), none], none, sample_weight=none[:, 0], verbose=0) == pytest.approx(
        2 * drift.mean(), abs=1e-4
    )
    half = none.copy()
    half[:2, 0] = 1
    logits = model.predict([images(), half], verbose=0)
    cross_entropy = np.log(np.exp(logits[:2]).sum(axis=1)) - logits[:2, 0]
    expected = cross_entropy.sum() / 4 + 2 * drift[2:].sum() / 4
    assert model.evaluate([images(), half], half, sample_weight=half[:, 0], verbose=0) == pytest.approx(
        expected, rel=1e-4
    )
    head = model.get_layer("head").get_weights()[0]
    for _ in range(20):
        model.train_on_batch([images(), none], none, none[:, 0])
    after = [extractor.predict(images(), verbose=0) for extractor in (student, teacher)]
    assert (np.sum(after[0] * before[1], axis=1) > 1 - 0.9 * drift).all(), "the student came nearer"
    np.testing.assert_array_equal(after[1], before[1])
    np.testing.assert_array_equal(model.get_layer("head").get_weights()[0], head)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: backbones.find("resnet"), "mobilenet_v2"),
        (lambda: backbones.trunk("xception", 96, None, alpha=0.5), "alpha"),
        (lambda: backbones.trunk("mobilenet_v2", 96, "/nowhere.weights.h5"), "/nowhere.weights.h5"),
        (lambda: backbones.unfreeze(backbones.trunk("mobilenet_v2", 32, None), "mobilenet_v2", "block_17"), "block_16"),
    ],
)
def test_faults_are_one_line_and_say_what_was_expected(call, named):
    with pytest.raises(BadConfig, match=named) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_imagenet_means_the_weights_of_the_backbones_own_size_at_any_other(monkeypatch):
    """Keras has other weights of MobileNetV2 for smaller images."""

    def build(input_shape, include_top, pooling, weights):
        image = keras.Input(input_shape)
        layer = keras.layers.Conv2D(
            2, 3, bias_initializer=keras.initializers.Constant(input_shape[0] if weights else 0)
        )
        return keras.Model(image, keras.layers.GlobalAveragePooling2D()(layer(image)))

    monkeypatch.setitem(backbones.BACKBONES, "sized", backbones.Backbone(build, 24, None, ("conv2d",)))
    assert {bias for size in (16, 24) for bias in backbones.trunk("sized", size, "imagenet").get_weights()[1]} == {24}
