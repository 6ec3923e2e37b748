"""How events compare with what truly happened."""

from dataclasses import replace

import pytest

from edge.cameras.simulated import Deed, score
from edge.cameras.simulated.ground_truth import overlap
from edge.types import Box, Candidate, Event, Match

BOX, BESIDE = Box(100, 80, 30, 90), Box(200, 80, 30, 90)
PLACED = Deed("placed", 0, "cola", True, BOX, 3.0, 5.0)
REMOVED = replace(PLACED, kind="removed", since=10.0, until=12.0)
STRANGER = Deed("placed", 1, "milk", False, BESIDE, 3.0, 5.0)


def event(kind, t, placement="a", box=BOX, product=None) -> Event:
    answer = Match(product, 0.8, (Candidate("cola", 0.9, "cola/1.jpg"),)) if kind in ("identified", "unknown") else None
    return Event(kind, placement, "", t, round(10 * t), box, answer)


def told(placement="a", box=BOX, product="cola") -> list[Event]:
    return [
        event("placed", 5.5, placement, box),
        event("identified" if product else "unknown", 6.0, placement, box, product),
    ]


def test_all_that_happened_told_once_is_right():
    found = score([PLACED, STRANGER, REMOVED], [*told(), *told("b", BESIDE, None), event("removed", 11.0)])
    assert found.right and not found.extra and found.faults == []
    assert [verdict.event.placement for verdict in found.verdicts] == ["a", "b", "a"]
    assert [verdict.answer and verdict.answer.event for verdict in found.verdicts] == ["identified", "unknown", None]


@pytest.mark.parametrize(
    ("deed", "events", "fault"),
    [
        (PLACED, [], "no event"),
        (PLACED, told()[:1], "no answer"),
        (PLACED, told(product="volt"), "called volt instead of cola"),
        (PLACED, told(product=None), "called unknown instead of cola"),
        (STRANGER, told(box=BESIDE), "called cola instead of unknown"),
    ],
)
def test_what_is_missing_or_misnamed_is_said(deed, events, fault):
    found = score([deed], events)
    assert not found.right and found.extra == () and fault in found.faults[0] and len(found.faults) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        event("placed", 7.5),
        event("placed", 2.5),
        event("placed", 5.5, box=BESIDE),
        event("removed", 5.5),
    ],
    ids=["late", "early", "elsewhere", "of another kind"],
)
def test_an_event_that_fits_no_deed_is_extra(wrong):
    assert score([PLACED], [*told(), wrong]).extra == (wrong,)
    alone = score([PLACED], [wrong])
    assert alone.extra == (wrong,) and len(alone.faults) == 2


def test_the_same_told_twice_is_extra():
    events = [*told(), *told("b"), event("removed", 11.0), event("removed", 11.2, "b")]
    found = score([PLACED, REMOVED], events)
    assert len(found.extra) == 3 and {extra.placement for extra in found.extra} == {"b"}
    assert len(score([PLACED], [*told(), told()[1]]).extra) == 1


def test_a_removal_of_another_placement_does_not_count():
    assert "no event" in score([PLACED, REMOVED], [*told(), event("removed", 11.0, "b")]).faults[0]


def test_names_do_not_count_where_isolation_alone_is_asked():
    assert score([PLACED, REMOVED], [event("placed", 5.5), event("removed", 11.0)], named=False).right
    assert score([PLACED], told(product="volt"), named=False).right


def test_overlap_is_intersection_over_union():
    assert overlap(Box(0, 0, 10, 10), Box(5, 0, 10, 10)) == pytest.approx(50 / 150)
    assert overlap(BOX, BOX) == 1 and overlap(BOX, BESIDE) == 0
