import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.recognition.pipeline import LOOK_EVERY, SECONDS_TO_NAME, Pipeline, vote
from edge.types import Box, Candidate, Change, Frame, Match

FPS = 10
BOX = Box(10, 20, 30, 40)


def named(product: str | None, score: float = 0.8) -> Match:
    return Match(product, 0.5, (Candidate(product or "near", score, "1.jpg"),))


class Script:
    """An isolator that reports what it was told to: {frame index: [changes]}."""

    def __init__(self, changes: dict[int, list[Change]]):
        self.changes = changes

    def step(self, frame: Frame) -> list[Change]:
        return self.changes.get(frame.index, [])


class Table:
    """A pipeline over a script; it names a crop by its red value: products[red]."""

    def __init__(self, changes, products=("water",), votes=5, embed=None, on_answer=None):
        self.crops = []
        self.products = products
        ids = itertools.count(1)
        clock = itertools.count(1)
        self.pipeline = Pipeline(
            Script(changes),
            embed or self.embed,
            self.answer,
            lambda: f"at {next(clock)}",
            lambda: f"id {next(ids)}",
            votes,
            on_answer,
        )

    def embed(self, crops):
        self.crops += crops
        return np.array([[crop[0, 0, 0]] for crop in crops], np.float32)

    def answer(self, vectors):
        return [named(self.products[int(vector[0])]) for vector in vectors]

    def play(self, frames, red=lambda index: 0):
        events = []
        for index in range(frames):
            frame = Frame(np.full((100, 100, 3), red(index), np.uint8), index, index / FPS)
            events += self.pipeline.process(frame)
        return events + self.pipeline.finish(frame)


def visit(placed: int, removed: int | None, seen=None, track: int = 1) -> dict[int, list[Change]]:
    seen = range(placed + 1, removed or 100) if seen is None else seen
    changes = {placed: [Change("placed", track, BOX)]} | {i: [Change("seen", track, BOX)] for i in seen}
    return changes | ({removed: [Change("removed", track, BOX)]} if removed else {})


def test_an_object_is_placed_then_named_then_removed_under_one_id():
    events = Table(visit(5, 50)).play(60)
    assert [(e.event, e.placement, e.frame, e.t) for e in events] == [
        ("placed", "id 1", 5, 0.5),
        ("identified", "id 1", 14, 1.4),
        ("removed", "id 1", 50, 5.0),
    ]
    assert [e.match and e.match.product for e in events] == [None, "water", "water"]
    assert [e.at for e in events] == ["at 1", "at 2", "at 3"]


def test_it_looks_as_often_as_asked_and_not_at_every_frame():
    table = Table(visit(0, None), votes=3)
    table.play(100)
    assert len(table.crops) == 3
    assert table.crops[0].shape == (44, 34, 3)
    seen = []

    def embed(crops):
        seen.extend(int(crop[0, 0, 0]) for crop in crops)
        return np.zeros((len(crops), 1), np.float32)

    Table(visit(0, None), embed=embed).play(100, red=lambda index: index)
    assert np.all(np.diff(seen) >= LOOK_EVERY * FPS) and len(seen) == 5


def test_a_hand_in_two_looks_of_five_does_not_change_the_answer():
    events = Table(visit(0, None), products=("water", None)).play(30, red=lambda index: index in (1, 3))
    assert [e.event for e in events] == ["placed", "identified"]


@pytest.mark.parametrize("removed", range(1, 12))
def test_an_object_taken_away_early_is_still_named_first(removed):
    for seen in (None, []):
        events = Table(visit(0, removed, seen)).play(15)
        assert [e.event for e in events] == ["placed", "identified", "removed"]


def test_an_object_hidden_after_two_looks_is_named_from_those():
    events = Table(visit(0, None, seen=range(1, 4))).play(100)
    assert [e.event for e in events] == ["placed", "identified"]
    assert events[1].t == SECONDS_TO_NAME


def test_the_end_of_the_media_names_what_is_pending():
    table = Table(visit(0, None))
    assert [e.event for e in table.play(3)] == ["placed", "identified"]
    assert table.pipeline.finish(Frame(np.zeros((9, 9, 3), np.uint8), 3, 0.3)) == []


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40), st.booleans()), max_size=6))
def test_every_placement_has_each_event_once_in_order(visits):
    changes: dict[int, list[Change]] = {}
    for track, (placed, length, looked_at) in enumerate(visits):
        one = visit(placed, placed + length, None if looked_at else [], track)
        for index, some in one.items():
            changes.setdefault(index, []).extend(some)
    events = Table(changes).play(110)
    assert events == Table(changes).play(110)
    for placement in {e.placement for e in events}:
        assert [e.event for e in events if e.placement == placement] == ["placed", "identified", "removed"]
    assert len({e.placement for e in events}) == len(visits)
    assert [e.t for e in events] == sorted(e.t for e in events)


@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=9), st.randoms())
def test_the_vote_is_the_strict_majority_in_any_order(products, random):
    looks = [named(product, 0.5 + i / 100) for i, product in enumerate(products)]
    result = vote(looks)
    majority = [p for p in "abc" if products.count(p) > len(products) / 2]
    assert result.product == (majority[0] if majority else None)
    random.shuffle(looks)
    assert vote(looks) == result
    same = sorted(look.score for look in looks if look.product == result.product)
    assert not same or result.score == same[len(same) // 2]


def test_an_empty_bank_makes_it_unknown():
    assert vote([Match(None, 0.5, ())] * 3) == Match(None, 0.5, ())


def test_the_answer_comes_with_the_crop_of_its_last_look():
    answers = []
    table = Table(visit(5, 50), on_answer=lambda event, crop: answers.append((event, crop)))
    events = table.play(60)
    ((event, crop),) = answers
    assert event == events[1] and event.event == "identified"
    assert np.array_equal(crop, table.crops[-1]) and crop.base is None


def changing(turned: int, frames: int = 60) -> dict[int, list[Change]]:
    changes = visit(0, frames)
    changes[turned] = [Change("changed", 1, BOX)]
    return changes


def test_an_unknown_that_is_turned_is_looked_at_again_and_named_once():
    table = Table(changing(30) | {45: [Change("changed", 1, BOX)]}, products=(None, "water", "cola"))
    events = table.play(70, red=lambda index: 0 if index < 30 else 1 if index < 45 else 2)
    assert [(e.event, e.match and e.match.product) for e in events] == [
        ("placed", None),
        ("unknown", None),
        ("identified", "water"),
        ("removed", "water"),
    ]


def test_an_unknown_that_stays_unknown_is_reported_once():
    events = Table(changing(30), products=(None,)).play(70)
    assert [e.event for e in events] == ["placed", "unknown", "removed"]


def test_a_name_stays_whatever_the_other_side_looks_like():
    events = Table(changing(30), products=("water", "cola")).play(70, red=lambda index: index >= 30)
    assert [e.match.product for e in events if e.match] == ["water", "water"]
    assert [e.event for e in events] == ["placed", "identified", "removed"]


@pytest.mark.parametrize("removed", [31, 32])
def test_an_unknown_taken_away_while_it_is_looked_at_again_is_removed_only(removed):
    changes = visit(0, removed, seen=range(1, 30)) | {30: [Change("changed", 1, BOX)]}
    assert [e.event for e in Table(changes, products=(None,)).play(40)] == ["placed", "unknown", "removed"]
