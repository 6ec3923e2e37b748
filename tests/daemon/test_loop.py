import numpy as np
import pytest

from edge.daemon.loop import SECONDS_BETWEEN_SAVES, SECONDS_TO_FIRST_SAVE, Loop
from edge.errors import StoreError
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
    """A ledger that fails `broken` times and then catches up, like the real one; and what was told."""

    def __init__(self, broken=0):
        self.log, self.recorded, self.waiting = [], [], []
        self.broken, self.attempts = broken, 0
        self.room, self.lost = 1000, 0

    def record(self, *given):
        self.attempts += 1
        room = self.room - len(self.waiting)
        self.waiting += given[:room]
        self.lost += len(given[room:])
        if self.attempts <= self.broken:
            raise StoreError("ledger.db: disk full")
        self.recorded += self.waiting
        self.log += [("recorded", one.event, one.placement) for one in self.waiting]
        self.waiting, self.lost = [], 0

    @property
    def missing(self):
        return len(self.waiting) + self.lost

    def tell(self, given):
        self.log.append(("told", given.event, given.placement))

    @property
    def told(self):
        return [(kind, placement) for verb, kind, placement in self.log if verb == "told"]


def test_every_event_is_recorded_before_it_is_told():
    journal = Journal()
    Loop(Stages(), journal, journal.tell).run([frame(0), None, frame(1)])
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

    loop = Loop(Stages(), journal, journal.tell)
    loop.run(frames())
    assert journal.told == [("placed", "p0"), ("unknown", "p0")]


def test_a_full_disk_delays_events_and_loses_none(caplog):
    journal = Journal(broken=3)
    Loop(Stages(), journal, journal.tell).run(frame(i, i * 0.5) for i in range(20))
    assert journal.told == [("placed", f"p{i}") for i in range(20)] + [("unknown", "p19")]
    assert [e.placement for e in journal.recorded] == [placement for _, placement in journal.told]
    assert caplog.messages == ["ledger.db: disk full; events wait until it can be written"]


def test_events_that_the_ledger_had_to_let_go_are_not_told_either():
    journal = Journal(broken=5)
    journal.room = 3
    Loop(Stages(), journal, journal.tell).run(frame(i) for i in range(8))
    assert [placement for _, placement in journal.told] == ["p0", "p1", "p2", "p5", "p6", "p7", "p7"]


def test_a_quiet_scene_is_no_reason_to_wait_with_what_could_not_be_recorded():
    class Once(Stages):
        def process(self, given):
            return [event("placed")] if given.index == 0 else []

        def finish(self, given):
            return []

    journal = Journal(broken=2)
    told_at = []
    Loop(Once(), journal, lambda e: told_at.append(journal.attempts)).run(frame(i, i * 0.1) for i in range(60))
    assert told_at == [3] and journal.attempts == 3


def test_events_that_cannot_be_recorded_at_all_are_not_told_and_are_an_error():
    journal = Journal(broken=1000)
    with pytest.raises(StoreError, match="4 events"):
        Loop(Stages(), journal, journal.tell).run(frame(i) for i in range(3))
    assert journal.told == []


def test_what_a_former_process_left_open_is_closed_once_at_the_first_frame():
    journal = Journal()
    left = [event("identified", 77)]
    loop = Loop(Stages(), journal, journal.tell, abandoned=left, now=lambda: "now")
    loop.run([frame(0, 12.5), frame(1, 12.6)])
    assert journal.told[:2] == [("removed", "p77"), ("placed", "p0")]
    closed = journal.recorded[0]
    assert (closed.at, closed.t, closed.frame, closed.box) == ("now", 12.5, 0, left[0].box)
    assert journal.told.count(("removed", "p77")) == 1


def test_the_background_is_kept_soon_then_rarely_then_at_the_end(caplog):
    kept = []
    times = [
        0.0,
        SECONDS_TO_FIRST_SAVE,
        SECONDS_TO_FIRST_SAVE + 1,
        SECONDS_TO_FIRST_SAVE + SECONDS_BETWEEN_SAVES,
        SECONDS_TO_FIRST_SAVE + SECONDS_BETWEEN_SAVES + 1,
    ]
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
    Loop(Stages(), journal, journal.tell, keep).run(frames())
    assert kept == [times[1], times[3], times[4]]
    assert caplog.messages == ["the background is not saved: disk full"]


def test_no_frames_no_events():
    journal = Journal()
    Loop(Stages(), journal, journal.tell, abandoned=[event("placed")]).run([])
    assert journal.log == []


def test_each_processed_frame_is_a_sign_of_life_and_a_wait_is_none():
    signs, journal = [], Journal()
    loop = Loop(Stages(), journal, journal.tell, after_frame=lambda: signs.append(len(journal.told)))
    loop.run([None, frame(0), None, None, frame(1)])
    assert signs == [1, 2]
