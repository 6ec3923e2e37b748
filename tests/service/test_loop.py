import numpy as np
import pytest

from edge.errors import StoreError
from edge.service.loop import KEEP_EVERY, KEEP_FIRST, Loop
from edge.types import Box, Event, Frame


def frame(index: int, t: float | None = None) -> Frame:
    return Frame(np.zeros((2, 2, 3), np.uint8), index, float(index) if t is None else t)


def event(kind: str, index: int = 0) -> Event:
    return Event(kind, f"p{index}", "then", float(index), index, Box(0, 0, 1, 1))


class Stages:
    """Places an object in every frame, and names one more at the end."""

    def process(self, given):
        return [event("placed", given.index)]

    def finish(self, given):
        return [event("unknown", given.index)]


class Journal:
    """Where events go; `broken` is how many attempts to record fail."""

    def __init__(self, broken=0):
        self.log, self.broken, self.attempts = [], broken, 0

    def record(self, given):
        self.attempts += 1
        if self.attempts <= self.broken:
            raise StoreError("ledger.db: disk full")
        self.log.append(("recorded", given.event, given.placement))

    def tell(self, given):
        self.log.append(("told", given.event, given.placement))

    @property
    def told(self):
        return [(kind, placement) for verb, kind, placement in self.log if verb == "told"]


def test_every_event_is_recorded_before_it_is_told():
    journal = Journal()
    Loop(Stages(), journal.record, journal.tell).run([frame(0), None, frame(1)])
    assert journal.told == [("placed", "p0"), ("placed", "p1"), ("unknown", "p1")]
    for told, recorded in zip(journal.log[1::2], journal.log[::2], strict=True):
        assert told[0] == "told" and recorded == ("recorded", *told[1:])


def test_it_leaves_after_the_frame_in_which_it_is_stopped_with_all_recorded():
    journal = Journal()

    def frames():
        yield frame(0)
        loop.stop()
        yield frame(1)
        raise AssertionError("read on")

    loop = Loop(Stages(), journal.record, journal.tell)
    loop.run(frames())
    assert journal.told == [("placed", "p0"), ("unknown", "p0")]


def test_a_full_disk_delays_events_and_loses_none(caplog):
    journal = Journal(broken=3)
    Loop(Stages(), journal.record, journal.tell).run(frame(i, i * 0.5) for i in range(20))
    assert journal.told == [("placed", f"p{i}") for i in range(20)] + [("unknown", "p19")]
    assert journal.attempts == 3 + 21
    assert caplog.messages == ["ledger.db: disk full; events wait until it is mended"]


def test_events_that_cannot_be_recorded_at_all_are_not_told_and_are_an_error():
    journal = Journal(broken=1000)
    with pytest.raises(StoreError, match="4 events"):
        Loop(Stages(), journal.record, journal.tell).run(frame(i) for i in range(3))
    assert journal.told == []


def test_what_a_former_process_left_open_is_closed_once_at_the_first_frame():
    journal = Journal()
    left = [event("identified", 77)]
    recorded = []
    loop = Loop(Stages(), recorded.append, journal.tell, abandoned=left, now=lambda: "now")
    loop.run([frame(0, 12.5), frame(1, 12.6)])
    assert journal.told[:2] == [("removed", "p77"), ("placed", "p0")]
    assert (recorded[0].at, recorded[0].t, recorded[0].frame, recorded[0].box) == ("now", 12.5, 0, left[0].box)
    assert journal.told.count(("removed", "p77")) == 1


def test_the_background_is_kept_soon_then_rarely_then_at_the_end(caplog):
    kept = []
    times = [0.0, KEEP_FIRST, KEEP_FIRST + 1, KEEP_FIRST + KEEP_EVERY, KEEP_FIRST + KEEP_EVERY + 1]
    current = []

    def frames():
        for index, t in enumerate(times):
            current[:] = [t]
            yield frame(index, t)

    def keep():
        kept.extend(current)
        if len(kept) == 1:
            raise OSError("disk full")

    journal = Journal()
    Loop(Stages(), journal.record, journal.tell, keep).run(frames())
    assert kept == [times[1], times[3], times[4]]
    assert caplog.messages == ["the background is not kept: disk full"]


def test_no_frames_no_events():
    journal = Journal()
    Loop(Stages(), journal.record, journal.tell, abandoned=[event("placed")]).run([])
    assert journal.log == []
