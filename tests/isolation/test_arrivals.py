import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.isolation.arrivals import Arrivals
from edge.isolation.settings import IsolationSettings

HEIGHT, WIDTH = 120, 160


def block(left: int, right: int, top: int = 40, bottom: int = 90):
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask[top:bottom, left:right] = True
    return mask


def arm(to: int):
    return block(0, to, 50, 64)


def last(pictures, fps: float = 10) -> bool:
    """Whether the last thing noted of the last picture walked."""
    arrivals = Arrivals(IsolationSettings())
    for index, masks in enumerate(pictures):
        arrivals.note(masks, index / fps)
    return arrivals.walked(pictures[-1][-1])


def test_what_appears_at_rest_has_not_walked():
    assert not last([[]] * 3 + [[block(60, 80)]] * 10)


@pytest.mark.parametrize("step", [1, 4, 8])
def test_what_comes_in_from_the_border_and_moves_on_walks(step):
    assert last([[block(max(0, x), x + 20)] for x in range(-16, 80, step)])


@pytest.mark.parametrize("seen", [True, False], ids=["withdraws", "is gone at once"])
def test_what_an_arm_brings_has_not_walked(seen):
    comes = [[arm(x) | block(x, x + 20)] for x in range(5, 60, 5)]
    leaves = [[arm(x), block(60, 80)] for x in range(55, 0, -10)] if seen else []
    rests = [[block(60, 80)]] * 5
    assert not last(comes + [[arm(60) | block(60, 80)]] * 5 + leaves + rests)


def test_who_walked_has_walked_still_when_an_outline_flickers_or_a_picture_is_lost():
    walks = [[block(x, x + 20)] for x in range(20, 80, 4)]
    assert last([*walks, [], [block(76, 97)], [block(76, 96, 41)]])


@settings(deadline=None)
@given(st.lists(st.integers(-1, 1), min_size=20, max_size=20))
def test_what_stands_and_trembles_has_not_walked(shifts):
    assert not last([[block(60 + shift, 80 + shift)] for shift in shifts])


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 130), st.integers(8, 30)), max_size=3), max_size=12))
def test_only_what_is_in_view_can_have_walked(pictures):
    arrivals = Arrivals(IsolationSettings())
    for index, picture in enumerate(pictures):
        masks = [block(left, left + width) for left, width in picture]
        arrivals.note(masks, index / 10)
        assert all(arrivals.walked(mask) in (True, False) for mask in masks)
        assert not arrivals.walked(block(0, 1))
