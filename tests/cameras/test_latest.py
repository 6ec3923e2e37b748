import threading

import numpy as np
import pytest

from edge.cameras.latest import latest
from edge.errors import CameraError
from edge.types import Frame


def frame(index: int) -> Frame:
    return Frame(np.zeros((2, 2, 3), np.uint8), index, float(index))


def test_frames_that_come_while_one_is_worked_on_are_dropped_but_for_the_newest():
    read_on, all_read = threading.Event(), threading.Event()

    def camera():
        yield frame(0)
        read_on.wait(5)
        for index in range(1, 50):
            yield frame(index)
        all_read.set()

    frames = latest(camera())
    assert next(frames).index == 0
    read_on.set()
    assert all_read.wait(5)
    assert [f.index for f in frames] == [49]


def test_a_silent_camera_leaves_the_caller_time_for_other_things():
    go_on = threading.Event()

    def camera():
        go_on.wait(5)
        yield frame(0)

    frames = latest(camera(), patience=0.001)
    assert next(frames) is None
    go_on.set()
    assert next(f for f in frames if f).index == 0


def test_a_camera_fault_reaches_the_caller_after_the_last_frame():
    def camera():
        yield frame(0)
        raise CameraError("unplugged")

    frames = latest(camera())
    with pytest.raises(CameraError, match="unplugged"):
        for _ in range(3):
            next(frames)


def test_closing_it_ends_the_reading():
    seen = []

    def camera():
        for index in range(10**9):
            seen.append(index)
            yield frame(index)

    frames = latest(camera())
    next(frames)
    frames.close()
    count = len(seen)
    assert "camera" not in [thread.name for thread in threading.enumerate()]
    assert len(seen) == count
