import re

import numpy as np

from edge.daemon.clock import MediaClock, paced, utc
from edge.types import Frame


def test_media_time_counts_from_1970_to_the_nearest_millisecond():
    clock = MediaClock()
    picture = np.zeros((1, 1, 3), np.uint8)
    times = [0.0, 1 / 30, 11.4666666, 86399.9999]
    said = [clock.now() for _ in clock.follow(Frame(picture, i, t) for i, t in enumerate(times))]
    assert said == [
        "1970-01-01T00:00:00.000Z",
        "1970-01-01T00:00:00.033Z",
        "1970-01-01T00:00:11.467Z",
        "1970-01-02T00:00:00.000Z",
    ]


def test_the_time_now_looks_the_same():
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", utc())


def test_the_frames_of_a_file_come_when_their_time_has_come_and_none_is_left_out():
    time, slept = [50.0], []

    def sleep(seconds):
        slept.append(round(seconds, 6))
        time[0] += seconds

    picture = np.zeros((1, 1, 3), np.uint8)
    seen = []
    for frame in paced((Frame(picture, i, 7 + i * 0.1) for i in range(6)), lambda: time[0], sleep):
        seen.append(frame.index)
        time[0] += 0.25 if frame.index == 1 else 0.03
    assert seen == [0, 1, 2, 3, 4, 5] and slept == [0.07, 0.06]
