"""Regions that may be objects, out of pixels that differ."""

import numpy as np

from edge.isolation.downscale import bounds
from edge.isolation.masks import at_border, objects
from edge.isolation.settings import IsolationSettings
from edge.types import Box

SETTINGS = IsolationSettings()


def found(*boxes: Box) -> list[Box]:
    """The boxes of the objects where all of these differ strongly, left to right."""
    differing = np.zeros((120, 160), np.bool_)
    for box in boxes:
        differing[box.y : box.y + box.height, box.x : box.x + box.width] = True
    masks = objects(differing, differing, differing, SETTINGS)
    assert not any(at_border(mask, SETTINGS) for mask in masks)
    return sorted(bounds(mask) for mask in masks)


def test_neighbours_whose_shadow_joins_them_are_two():
    left, right = Box(20, 60, 24, 40), Box(70, 64, 22, 36)
    assert found(left, right, Box(40, 92, 34, 7)) == [left, right]


def test_a_shadow_that_reaches_the_border_does_not_take_its_object_there():
    assert found(Box(120, 60, 25, 42), Box(140, 96, 20, 7)) == [Box(120, 60, 25, 43)]


def test_what_is_low_keeps_all_of_itself():
    assert found(Box(40, 80, 60, 16)) == [Box(40, 80, 60, 16)]
