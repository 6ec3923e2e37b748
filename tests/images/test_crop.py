import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.images.crop import crop
from edge.types import Box


def test_a_little_more_than_the_box_is_cut():
    image = np.zeros((100, 200, 3), np.uint8)
    image[30:70, 50:70] = 255
    cut = crop(image, Box(50, 30, 20, 40))
    assert cut.shape == (44, 24, 3)
    assert (
        cut[2:-2, 2:-2].min() == 255 and cut[:2].max() == cut[:, :2].max() == cut[-2:].max() == cut[:, -2:].max() == 0
    )


@given(st.integers(0, 99), st.integers(0, 79), st.integers(1, 300), st.integers(1, 300))
def test_never_more_than_the_picture_and_never_nothing(x, y, width, height):
    cut = crop(np.zeros((80, 100, 3), np.uint8), Box(x, y, width, height))
    assert 1 <= cut.shape[0] <= 80 and 1 <= cut.shape[1] <= 100
    assert cut.shape[0] >= min(height, 80 - y) and cut.shape[1] >= min(width, 100 - x)
