"""Augmentation: determined by its arguments, never mirrored, and what the letterbox leaves black stays black."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.contract import letterbox
from training.augment import KINDS, augment


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
def test_nothing_is_mirrored_or_upside_down(kind):
    rng = np.random.default_rng(2)
    drawn = np.array([augment(quarters(), 64, rng, kind) for _ in range(100)]).astype(float)
    top_left, top_right = drawn[:, 16:32, 16:32], drawn[:, 16:32, 32:48]
    bottom_left = drawn[:, 32:48, 16:32]
    for other in (top_right, bottom_left):
        assert (top_left.mean(axis=(1, 2, 3)) > other.mean(axis=(1, 2, 3))).mean() > 0.95, "fingers may hide a corner"


def test_the_letterbox_bars_stay_black():
    rng = np.random.default_rng(3)
    for _ in range(50):
        drawn = augment(np.full((200, 60, 3), 150, np.uint8), 100, rng, "pi")
        assert not drawn[:, :25].any() and not drawn[:, -25:].any()


def test_an_unknown_kind_is_told():
    with pytest.raises(ValueError, match="augmentation flip: expected one of pi, shift-zoom"):
        augment(quarters(), 64, np.random.default_rng(0), "flip")
