import numpy as np

from edge.bank.views import farthest_first
from edge.types import Vectors


def circle(*degrees: float) -> Vectors:
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], 1).astype(np.float32)


def test_the_farthest_comes_first_and_what_adds_nothing_is_left_out() -> None:
    assert farthest_first(circle(0, 10, 180, 185, 90), gain=0.1) == [0, 2, 4]
    assert farthest_first(circle(0, 10, 180, 185, 90), most=2) == [0, 2]
    assert farthest_first(circle(0, 0, 0)) == [0]
    assert farthest_first(circle()) == []
