import numpy as np

from edge.images.zones import ORANGE, draw_zones


def test_zones_are_drawn_where_they_lie_and_nowhere_else() -> None:
    image = np.full((100, 200, 3), 60, np.uint8)
    left = ((0, 0), (0.25, 0), (0.25, 1), (0, 1))
    triangle = ((0.6, 0.4), (1, 0.4), (1, 1))
    drawn = draw_zones(image, (left, triangle))
    assert tuple(drawn[9, 9]) == tuple(drawn[90, 40]) == tuple(drawn[50, 190]) != (60, 60, 60)
    assert tuple(drawn[50, 50]) == ORANGE, "outlined"
    assert (drawn[:, 60:115] == 60).all() and (drawn[90, 130] == 60).all()
    assert (image == 60).all()


def test_without_zones_the_picture_stays_as_it_is() -> None:
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert np.array_equal(draw_zones(image, ()), image)
