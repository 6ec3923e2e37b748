import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.isolation import histogram

ALL = np.ones((20, 20), np.bool_)


def likeness(one, here, other, there) -> float:
    return histogram.likeness(one, here, other, there, levels=4)


def picture(seed: int, low: int = 0, high: int = 255):
    return np.random.default_rng(seed).uniform(low, high, (20, 20, 3)).astype(np.float32)


@given(st.integers(0, 50), st.integers(0, 50))
def test_it_is_symmetric_and_a_part_and_whole_for_the_same(one, other):
    value = likeness(picture(one), ALL, picture(other), ALL)
    assert 0 <= value <= 1 + 1e-5
    assert value == pytest.approx(likeness(picture(other), ALL, picture(one), ALL))
    assert likeness(picture(one), ALL, picture(one)[:, ::-1], ALL) == pytest.approx(1)


def test_other_colours_are_unlike_and_a_little_light_is_not():
    red, blue = (np.full((20, 20, 3), colour, np.float32) for colour in ((200, 30, 30), (30, 30, 200)))
    assert likeness(red, ALL, blue, ALL) < 0.3 and likeness(picture(1), ALL, picture(1) * 0.9, ALL) > 0.7


def test_nothing_is_like_nothing():
    assert likeness(picture(1), ~ALL, picture(1), ALL) == 0
