"""Augmentation: determined by its arguments, never mirrored, and what the letterbox leaves black stays black."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.images.letterbox import letterbox
from training.data.augment import KINDS, augment, off_its_board


@given(
    height=st.integers(1, 400),
    width=st.integers(1, 400),
    size=st.sampled_from([32, 160]),
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 1000),
)
def test_any_picture_gives_a_square_that_its_arguments_determine(height, width, size, kind, seed):
    image = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    before = image.copy()
    one, other = (augment(image, size, np.random.default_rng(seed), kind) for _ in range(2))
    assert (one.shape, one.dtype) == ((size, size, 3), np.uint8)
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize("kind", KINDS)
def test_it_differs_from_draw_to_draw_and_stays_the_picture(kind):
    image = quarters()
    rng = np.random.default_rng(0)
    drawn = [augment(image, 64, rng, kind) for _ in range(40)]
    assert len({picture.tobytes() for picture in drawn}) == 40
    plain = letterbox(image, 64).astype(float).ravel()
    alike = [np.corrcoef(plain, picture.astype(float).ravel())[0, 1] for picture in drawn]
    assert np.median(alike) > 0.6


def quarters():
    """A picture that is darker on the right and below."""
    image = np.full((120, 120, 3), 220, np.uint8)
    image[:, 60:] //= 3
    image[60:] //= 2
    return image


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_mirrored_and_most_stands_upright(kind):
    rng = np.random.default_rng(2)
    drawn = np.array([augment(quarters(), 64, rng, kind) for _ in range(200)]).mean(axis=3)
    clockwise = [drawn[:, 16:32, 16:32], drawn[:, 16:32, 32:48], drawn[:, 32:48, 32:48], drawn[:, 32:48, 16:32]]
    light = np.stack([corner.mean(axis=(1, 2)) for corner in clockwise], axis=1)
    brightest, rows = light.argmax(axis=1), np.arange(len(light))
    assert (brightest == 0).mean() > 0.8, "some lie"
    after, before = light[rows, (brightest + 1) % 4], light[rows, (brightest - 1) % 4]
    assert (after < before).mean() > 0.9, "fingers may hide a corner"


def test_the_letterbox_bars_stay_black_unless_it_lies():
    rng = np.random.default_rng(3)
    drawn = [augment(np.full((200, 60, 3), 150, np.uint8), 100, rng, "pi") for _ in range(100)]
    black = [not picture[:, :25].any() and not picture[:, -25:].any() for picture in drawn]
    assert np.mean(black) > 0.75


def test_an_unknown_kind_is_reported():
    with pytest.raises(ValueError, match="augmentation flip: expected one of pi, shift-zoom"):
        augment(quarters(), 64, np.random.default_rng(0), "flip")


def test_what_stands_before_a_board_is_put_before_something_else():
    image = np.full((100, 80, 3), (230, 225, 235), np.uint8)
    image[30:70, 25:55] = (150, 20, 20)
    boards = [off_its_board(image, np.random.default_rng(seed)) for seed in range(8)]
    assert all((np.abs(drawn[40:60, 35:45].astype(int) - (150, 20, 20)) <= 1).all() for drawn in boards)
    assert np.mean([(np.abs(drawn[:20].astype(int) - image[:20]) > 20).mean() for drawn in boards]) > 0.5


def test_a_picture_without_a_board_stays_as_it_is():
    shelf = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    np.testing.assert_array_equal(off_its_board(shelf, np.random.default_rng(1)), shelf)
    dark = np.full((60, 60, 3), 30, np.uint8)
    np.testing.assert_array_equal(off_its_board(dark, np.random.default_rng(1)), dark)
