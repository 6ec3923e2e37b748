"""Stages, best weights, learning rate, and an interruption that changes nothing."""

import json
import shutil
from dataclasses import replace

import keras
import numpy as np
import pytest

from edge.errors import BadConfig, StoreError
from training.model import backbones, checkpoint
from training.model.backbones import Backbone
from training.model.checkpoint import Progress
from training.model.epoch import Stopped, judge
from training.model.train import blend, train
from training.recipe import BackboneRecipe, FitRecipe, HeadRecipe, Recipe
from training.run_folder import EXTRACTOR

SIZE = 16


def small_network(input_shape, include_top, pooling, weights):
    image = keras.Input(input_shape)
    x = keras.layers.Conv2D(8, 3, strides=2, activation="relu", name="block_1_conv")(image)
    x = keras.layers.BatchNormalization(name="block_1_bn")(x)
    x = keras.layers.Dropout(0.2, noise_shape=(None, 1, 1, 1), name="block_2_drop")(x)
    x = keras.layers.Conv2D(12, 3, name="block_2_conv")(x)
    return keras.Model(image, keras.layers.GlobalAveragePooling2D()(x))


@pytest.fixture(autouse=True)
def small(monkeypatch):
    backbone = Backbone(small_network, SIZE, (1 / 127.5, -1.0), ("block_2", "block_1"))
    monkeypatch.setitem(backbones.BACKBONES, "small", backbone)


RECIPE = Recipe(
    BackboneRecipe("small", weights="none"),
    HeadRecipe(scale=8.0, margin=0.1),
    FitRecipe(
        {"block_2": 0.01, "stem": 0.005},
        epochs=3,
        batch=12,
        patience=1,
        seed=1,
        save_every=2,
        distill=0.5,
        average=0.5,
    ),
)


class Colours:
    """Noise whose hue is the class; every fourth image has none."""

    classes = ("red", "green", "blue")
    steps = 4

    def batch(self, epoch, step):
        rng = np.random.default_rng((1, epoch, step))
        label = rng.integers(0, 3, 12)
        image = rng.integers(0, 128, (12, SIZE, SIZE, 3))
        image[np.arange(12), :, :, label] += 100
        return image.astype(np.uint8), np.eye(3, dtype=np.float32)[label] * (np.arange(12) % 4 > 0)[:, None]

    def starts(self):
        return [self.batch(10**6, 0)]

    def unseen(self):
        images, one_hot = (np.concatenate(part) for part in zip(*(self.batch(10**6, i) for i in range(6)), strict=True))
        known = one_hot.any(axis=1)
        return images[known], tuple(self.classes[label] for label in one_hot[known].argmax(axis=1))


class StopAfter:
    def __init__(self, steps):
        self.left = steps

    def __call__(self):
        self.left -= 1
        return self.left == 0


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    backbones.BACKBONES["small"] = Backbone(small_network, SIZE, (1 / 127.5, -1.0), ("block_2", "block_1"))
    run = tmp_path_factory.mktemp("whole")
    model = train(RECIPE, Colours(), run)
    del backbones.BACKBONES["small"]
    return run, model


@pytest.mark.parametrize("steps", [[12], [3, 14, 2]], ids=["between stages", "within epochs of both"])
def test_interrupted_anywhere_it_gives_the_same_weights(steps, whole, tmp_path):
    for count in steps:
        with pytest.raises(Stopped):
            train(RECIPE, Colours(), tmp_path, StopAfter(count))
        keras.backend.clear_session()
        keras.utils.set_random_seed(99)  # another process would start anywhere
    resumed = train(RECIPE, Colours(), tmp_path)
    for a, b in zip(whole[1].get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_killed_between_checkpoints_it_goes_on_from_the_last(whole, tmp_path):
    now = StopAfter(7)

    def killed():
        if now():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(RECIPE, Colours(), tmp_path, killed)
    assert checkpoint.progress_of(tmp_path / "state.npz").step == 2, "6 steps are done: an epoch of 4, and 2"
    for a, b in zip(whole[1].get_weights(), train(RECIPE, Colours(), tmp_path).get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_it_learns_and_leaves_what_it_did(whole):
    run, model = whole
    images, one_hot = Colours().batch(5, 0)
    vectors = model.predict(images, verbose=0)[one_hot.any(axis=1)]
    labels = one_hot[one_hot.any(axis=1)].argmax(axis=1)
    same = labels[:, None] == labels
    cosine = vectors @ vectors.T
    assert cosine[same].mean() > cosine[~same].mean() + 0.05
    saved = keras.saving.load_model(run / EXTRACTOR)
    np.testing.assert_allclose(saved.predict(images), model.predict(images), atol=1e-6)
    lines = [json.loads(line) for line in (run / "history.jsonl").read_text().splitlines()]
    assert [(line["epoch"], line["stage"]) for line in lines] == list(
        zip(range(1, 7), ["block_2"] * 3 + ["stem"] * 3, strict=True)
    )
    assert all(np.isfinite(line["val_loss"]) for line in lines)
    assert list((run / "tensorboard").iterdir())


def test_a_stage_starts_from_the_best_weights_of_the_last(tmp_path, monkeypatch):
    """Validation is made to get worse after the first epoch, so that the first epoch's weights are the best."""
    from training.model import train as module

    losses = iter([1.0, 2.0, 3.0, 0.5, 0.7, 0.6])
    seen = []

    def epoch(model, source, progress, checkpoints):
        seen.append(model.get_weights()[0].ravel()[0])
        model.set_weights([weight + 1 for weight in model.get_weights()])
        return {}

    monkeypatch.setattr(module, "run_epoch", epoch)
    monkeypatch.setattr(module, "validate", lambda *_: {"val_loss": next(losses)})
    recipe = replace(RECIPE, fit=replace(RECIPE.fit, patience=1, decay=0.5, distill=0.0, average=0.0))
    final = train(recipe, Colours(), tmp_path)
    first = seen[0]
    np.testing.assert_allclose(np.array(seen) - first, [0, 1, 2, 1, 2, 3], atol=1e-5)
    np.testing.assert_allclose(final.get_layer("trunk").get_weights()[0].ravel()[0], first + 2, atol=1e-5)
    rates = [json.loads(line)["learning_rate"] for line in (tmp_path / "history.jsonl").read_text().splitlines()]
    np.testing.assert_allclose(rates, [0.01, 0.01, 0.005, 0.005, 0.005, 0.0025], rtol=1e-5)


def test_the_result_is_the_average_of_the_weights(tmp_path):
    """The average begins at the weights after Adam's first step, which moves each by the rate; three more follow."""
    fit = replace(RECIPE.fit, stages={"stem": 0.01}, epochs=1, distill=0.0, average=0.9999)
    final = train(replace(RECIPE, fit=fit), Colours(), tmp_path)
    keras.utils.set_random_seed(RECIPE.fit.seed)
    start = small_network((SIZE, SIZE, 3), False, "avg", None).get_weights()[0]
    assert np.abs(final.get_layer("trunk").get_weights()[0] - start).mean() == pytest.approx(0.01, rel=0.05)


def test_the_rate_falls_after_so_many_epochs_without_gain():
    progress = Progress(best=1.0)
    verdicts = [judge(progress, loss, patience=2) for loss in (1.0, 1.1, 0.9, 0.95, 0.91, 0.92, 0.93)]
    assert verdicts == [(False, False), (False, True), (True, False), (False, False), (False, True)] + [
        (False, False),
        (False, True),
    ]
    assert (progress.epoch, progress.total, progress.best) == (7, 7, 0.9)


def test_a_stage_below_trains_what_is_above_it_too(tmp_path):
    recipe = replace(RECIPE, fit=replace(RECIPE.fit, stages={"block_2": 0.01}, epochs=1, distill=0.0))
    final = train(recipe, Colours(), tmp_path)
    keras.utils.set_random_seed(recipe.fit.seed)
    from training.model.network import extractor

    start = extractor("small", weights=None)
    pairs = zip(final.weights, final.get_weights(), start.get_weights(), strict=True)
    changed = {weight.path for weight, a, b in pairs if (a != b).any()}
    assert changed == {"block_2_conv/kernel", "block_2_conv/bias"}


def test_half_way_between_start_and_result():
    trained, start = [np.array([1.0, 3.0])], [np.array([0.0, 1.0])]
    np.testing.assert_allclose(blend(0.6, trained, start), [[0.6, 2.2]])
    np.testing.assert_array_equal(blend(1.0, trained, start), trained)


def test_a_folder_of_another_run_is_refused(whole):
    run, _ = whole
    with pytest.raises(BadConfig, match="another recipe"):
        train(replace(RECIPE, head=HeadRecipe(margin=0.2)), Colours(), run)
    others = Colours()
    others.classes = ("red", "green", "grey")
    with pytest.raises(BadConfig, match="other classes"):
        train(RECIPE, others, run)


def test_a_damaged_checkpoint_is_named(whole, tmp_path):
    run = shutil.copytree(whole[0], tmp_path / "run")
    content = (run / "state.npz").read_bytes()
    (run / "state.npz").write_bytes(content[: len(content) // 2])
    with pytest.raises(StoreError, match="state.npz"):
        train(RECIPE, Colours(), run)


def test_without_stages_the_starting_weights_stay(tmp_path):
    recipe = replace(RECIPE, fit=replace(RECIPE.fit, stages={}))
    keras.utils.set_random_seed(RECIPE.fit.seed)
    start = small_network((SIZE, SIZE, 3), False, "avg", None).get_weights()
    for kept, given in zip(train(recipe, Colours(), tmp_path).get_weights(), start, strict=True):
        np.testing.assert_array_equal(kept, given)
