"""What a batch holds: the same for the same step, nothing of test/ or of what is left out, no moment on both sides."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edge.errors import BadPhoto
from edge.images.writer import write_picture
from training.data import source as module
from training.data.source import STARTS, UNSEEN, UNSEEN_VIEWS, View
from training.recipe import DataRecipe, FitRecipe, Recipe

SIZE = 32
RECIPE = Recipe(fit=FitRecipe({"stem": 1e-4}, batch=8, seed=4), data=DataRecipe(made_up=3, made_up_views=4))


@pytest.fixture
def photos(tmp_path):
    """Two products split by folder, each photo of its own grey: its number."""
    number = 0
    for part, count in (("train", 6), ("val", 2), ("test", 3)):
        for product in ("cola", "water"):
            for i in range(count):
                number += 1
                write(tmp_path / part / product / f"{i}.png", number)
    return tmp_path


@pytest.fixture
def open_source(tmp_path_factory):
    drawn = tmp_path_factory.getbasetemp() / "made-up"
    return lambda *arguments: module.open_source(*arguments, drawn)


def write(path: Path, grey: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_picture(path, np.full((40, 40, 3), grey, np.uint8))


def test_a_step_gives_the_same_whenever_it_is_asked_for(photos, open_source):
    one, other = (open_source(RECIPE, [photos], [], [], SIZE) for _ in range(2))
    for epoch, step in ((0, 1), (3, 0), (0, 0)):
        for a, b in zip(one.batch(epoch, step), other.batch(epoch, step), strict=True):
            np.testing.assert_array_equal(a, b)
    assert (one.batch(0, 0)[0] != one.batch(1, 0)[0]).any()
    reseeded = replace(RECIPE, fit=replace(RECIPE.fit, seed=5))
    assert (open_source(reseeded, [photos], [], [], SIZE).batch(0, 0)[0] != one.batch(0, 0)[0]).any()


def test_batches_have_the_promised_shapes_and_classes(photos, open_source):
    source = open_source(RECIPE, [photos], [], [], SIZE)
    assert source.classes == ("cola", "water", "made-up 0", "made-up 1", "made-up 2")
    assert source.steps == (2 * 8 + 3 * 4) // 8
    images, one_hot = source.batch(0, 0)
    assert (images.shape, images.dtype) == ((8, SIZE, SIZE, 3), np.uint8)
    assert (one_hot.shape, one_hot.dtype) == ((8, 5), np.float32)
    assert (one_hot.sum(axis=1) == 1).all()
    every_epoch = sum(source.batch(0, step)[1].sum(axis=0) for step in range(source.steps))
    assert every_epoch.sum() == 24 and (every_epoch <= [8, 8, 4, 4, 4]).all()
    starts = np.concatenate([one_hot for _, one_hot in source.starts()])
    np.testing.assert_array_equal(starts.sum(axis=0), [STARTS] * 5)


def test_validation_is_on_products_that_no_class_is(photos, open_source):
    images, products = open_source(RECIPE, [photos], [], [], SIZE).unseen()
    assert images.shape == (UNSEEN * UNSEEN_VIEWS, SIZE, SIZE, 3)
    assert {products.count(product) for product in products} == {UNSEEN_VIEWS}
    assert len(set(products)) == UNSEEN
    assert min(map(int, products)) > 100_000, "data.made_up is at most 100,000"


def test_the_epochs_take_turns_with_the_kept_views(photos, open_source):
    recipe = replace(RECIPE, data=replace(RECIPE.data, made_up_views=2, made_up_kept=4))
    source = open_source(recipe, [photos], [], [], SIZE)
    first, second, third = (source.picture(View(0, 1), epoch) for epoch in range(3))
    assert first.shape != second.shape or (first != second).any()
    np.testing.assert_array_equal(first, third)


def test_test_photos_and_left_out_products_are_never_read(photos, open_source):
    source = open_source(RECIPE, [photos], [], ["water"], SIZE)
    assert "water" not in source.classes
    read = {sample.what for sample in source.train if isinstance(sample.what, Path)}
    assert read == {photos / "train" / "cola" / f"{i}.png" for i in range(6)} | {
        photos / "val" / "cola" / f"{i}.png" for i in range(2)
    }


def test_unlabelled_photos_have_no_class_and_their_share_of_a_step(photos, tmp_path, open_source):
    write(tmp_path / "any" / "deep" / "1.png", 5)
    recipe = replace(RECIPE, data=replace(RECIPE.data, unlabelled=0.25))
    source = open_source(recipe, [photos], [tmp_path / "any"], [], SIZE)
    assert (source.batch(0, 0)[1].sum(axis=1) == 0).sum() == 2
    assert source.steps == 28 // 6


def test_what_may_ship_is_drawn(photos, open_source):
    with_photos, without = (open_source(RECIPE, folders, [], [], SIZE) for folders in ([photos], []))
    np.testing.assert_array_equal(with_photos.golden(), without.golden())
    assert with_photos.golden().shape == (8, SIZE, SIZE, 3)


def test_too_little_to_train_on_is_reported(photos, open_source):
    with pytest.raises(BadPhoto, match="at least 2 products"):
        open_source(replace(RECIPE, data=DataRecipe()), [photos], [], ["water"], SIZE)
    with pytest.raises(BadPhoto, match="do not fill one step of 64"):
        open_source(replace(RECIPE, fit=replace(RECIPE.fit, batch=64)), [photos], [], [], SIZE)


def test_no_views_of_photos_leave_made_up_products_alone(photos, open_source):
    recipe = replace(RECIPE, data=replace(RECIPE.data, photo_views=0))
    source = open_source(recipe, [photos], [], [], SIZE)
    assert source.classes == ("made-up 0", "made-up 1", "made-up 2")
    assert not any(isinstance(sample.what, Path) for sample in source.train)
