"""Made-up products: the same from every side, unlike one another, and held-out ones of other shapes."""

import numpy as np
import pytest

from training.data.made_up import artwork, labels, lettering, shapes
from training.data.made_up.light import light
from training.data.made_up.products import FLAVOURS, product, view


def in_front(item):
    return item.seen(0.0, 0.0, light(np.random.default_rng(0), item.gloss))


def hues(image):
    """A simple descriptor: a histogram of the colours that are not grey."""
    pixels = image.reshape(-1, 3).astype(int)
    coloured = pixels[np.ptp(pixels, axis=1) > 40]
    histogram, _ = np.histogramdd(coloured, bins=6, range=[(0, 256)] * 3)
    return histogram.ravel() / max(1, len(coloured))


def test_a_view_is_determined_by_its_number_and_the_rng():
    for number in range(30):
        one, other = (view(number, np.random.default_rng(number)) for _ in range(2))
        assert one.dtype == np.uint8 and one.shape[2] == 3
        assert 90 <= max(one.shape[:2]) <= 360
        np.testing.assert_array_equal(one, other)
    rng = np.random.default_rng(0)
    first, second = view(3, rng), view(3, rng)
    assert first.shape != second.shape or (first != second).any()


@pytest.mark.parametrize("held_out", [False, True])
def test_whatever_is_drawn_it_can_be_seen(held_out):
    for number in range(0, 900, 3):
        picture = view(number, np.random.default_rng(number), held_out)
        assert np.ptp(picture) > 60


def test_a_product_does_not_depend_on_what_was_drawn_before():
    before = product(17)
    product.cache_clear()
    product(40)
    np.testing.assert_array_equal(in_front(before), in_front(product(17)))


@pytest.mark.parametrize("held_out", [False, True])
def test_two_views_of_a_product_are_nearer_than_views_of_two(held_out):
    rng = np.random.default_rng(1)
    numbers = range(0, 60 * FLAVOURS, FLAVOURS)
    once, again = (np.array([hues(view(n, rng, held_out)) for n in numbers]) for _ in range(2))
    distance = np.abs(once[:, None] - again[None]).sum(axis=2)
    rank = (distance < np.diag(distance)[:, None]).sum(axis=1)
    assert np.median(rank) < 10, "of 60; chance is 30"


def test_flavours_of_a_brand_share_its_shape_and_differ():
    same = 0
    for family in range(30):
        one, other = product(FLAVOURS * family), product(FLAVOURS * family + 1)
        pictures = in_front(one), in_front(other)
        alike = pictures[0].shape == pictures[1].shape and (pictures[0][:, :, 3] == pictures[1][:, :, 3]).mean() > 0.99
        assert not alike or (pictures[0] != pictures[1]).any()
        same += alike
    assert 5 <= same <= 25


def test_held_out_products_have_shapes_and_labels_that_no_other_has():
    seen = {held_out: {product(n, held_out).shape.kind for n in range(150)} for held_out in (False, True)}
    assert seen[False] == {*shapes.VESSELS, *shapes.CARTONS}
    assert seen[True] == {*shapes.HELD_OUT_VESSELS, *shapes.HELD_OUT_CARTONS}
    for held_out, fonts, patterns in (
        (False, lettering.FONTS, artwork.PATTERNS),
        (True, lettering.HELD_OUT_FONTS, artwork.HELD_OUT_PATTERNS),
    ):
        drawn = [labels.design(np.random.default_rng(n), held_out) for n in range(80)]
        assert {design.font for design in drawn} == set(fonts)
        assert {design.pattern for design in drawn} == set(patterns)
    assert not set(artwork.PATTERNS) & set(artwork.HELD_OUT_PATTERNS)


def test_a_negative_number_is_no_product():
    with pytest.raises(ValueError, match="product -1"):
        product(-1)
