import numpy as np

from edge.daemon.live_view import ObservedIsolator
from edge.types import Box, Change, Frame

LEFT, RIGHT = Box(0, 0, 20, 40), Box(60, 10, 20, 40)


class Script:
    """An isolator that says what it is told to."""

    def __init__(self, *changes):
        self.changes = iter(changes)

    def step(self, frame):
        return next(self.changes)

    def locate(self, image):
        return self.boxes


def test_the_crop_is_of_the_only_object_while_it_is_in_full_view():
    script = [
        [],
        [Change("placed", 1, LEFT)],
        [Change("seen", 1, LEFT)],
        [Change("seen", 1, LEFT), Change("placed", 2, RIGHT)],
        [Change("seen", 2, RIGHT)],
        [Change("removed", 1, LEFT), Change("seen", 2, RIGHT)],
        [],
        [Change("removed", 2, RIGHT)],
    ]
    standing = ObservedIsolator(Script(*script))
    assert standing.view == (0, None)
    views = []
    for changes in script:
        assert standing.step(Frame(np.zeros((100, 100, 3), np.uint8), 0, 0.0)) == changes
        views.append(standing.view)
    assert [view.objects for view in views] == [0, 1, 1, 2, 2, 1, 1, 0]
    assert [view.crop is not None for view in views] == [False, False, True, False, False, True, False, False]
    assert views[2].crop.shape == (42, 22, 3) and views[5].crop.shape == (44, 24, 3)


def test_what_turns_is_cut_out_while_no_hand_is_in_view():
    isolator = Script([], [], [])
    observed = ObservedIsolator(isolator)
    assert observed.turning_crop() is None
    observed.step(Frame(np.zeros((100, 100, 3), np.uint8), 0, 0.0))
    for boxes, shape in (([RIGHT], (44, 24, 3)), ([LEFT], None), ([RIGHT, RIGHT], None), ([], None)):
        isolator.boxes = boxes  # LEFT reaches the border, as a hand does
        crop = observed.turning_crop()
        assert (crop.shape if crop is not None else None) == shape
