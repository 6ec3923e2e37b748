import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.events.format import as_json, as_line
from edge.types import NOT_A_PRODUCT, Box, Candidate, Event, Match

DOCS = (Path(__file__).parents[2] / "docs" / "events.md").read_text()
CANDIDATES = (Candidate("cola", 0.91342, "cola/front.jpg"), Candidate("fanta", 0.64153, "fanta2.jpg"))
IDENTIFIED = Event(
    "identified",
    "19aa8f1c2d3-5b1e",
    "2025-11-21T22:13:07.512Z",
    4.7333,
    71,
    Box(212, 96, 88, 241),
    Match("cola", 0.62, CANDIDATES, 0.98764),
)
PLACED = replace(IDENTIFIED, event="placed", match=None)
UNKNOWN = replace(IDENTIFIED, event="unknown", match=Match(None, 0.95, CANDIDATES))
NEGATIVE = replace(IDENTIFIED, event="unknown", match=Match(None, 0.4, (Candidate(NOT_A_PRODUCT, 0.944, "1.jpg"),)))


def test_the_documented_keys_and_example_are_those_produced() -> None:
    example = re.search(r"```json\n(.*)\n```", DOCS)
    assert example and as_json(IDENTIFIED) == example[1]
    documented = re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE)
    for event in (IDENTIFIED, PLACED, UNKNOWN):
        assert list(json.loads(as_json(event))) == documented


def test_what_does_not_apply_is_null() -> None:
    placed = json.loads(as_json(PLACED))
    assert [placed[key] for key in ("product", "score", "threshold", "margin", "photo")] == [None] * 5
    assert placed["candidates"] == [] and placed["box"] == [212, 96, 88, 241]
    unknown = json.loads(as_json(UNKNOWN))
    assert unknown["product"] is None and unknown["score"] == 0.9134 and unknown["margin"] == 0.2719


@given(st.text(max_size=40), st.sampled_from((IDENTIFIED, UNKNOWN, replace(IDENTIFIED, event="removed"))))
def test_any_name_gives_one_line_that_steers_no_terminal(name: str, event: Event) -> None:
    match = Match(event.match and event.match.product and name, 0.5, (Candidate(name, 0.7, name + ".jpg"),))
    event = replace(event, match=match)
    assert json.loads(as_json(event))["candidates"][0]["product"] == name
    assert as_json(event).isascii() and len(as_json(event).splitlines()) == 1
    assert as_line(event, "22:13:07").isprintable()


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (PLACED, "22:13:07  placed      19aa8f1c2d3-5b1e  at 212,96, 88x241 pixels"),
        (IDENTIFIED, "22:13:07  identified  19aa8f1c2d3-5b1e  cola 0.913, then fanta 0.642"),
        (UNKNOWN, "22:13:07  unknown     19aa8f1c2d3-5b1e  nearest cola 0.913, under 0.950"),
        (NEGATIVE, "22:13:07  unknown     19aa8f1c2d3-5b1e  nearest _not-a-product 0.944"),
        (replace(IDENTIFIED, event="removed"), "22:13:07  removed     19aa8f1c2d3-5b1e  cola"),
        (replace(PLACED, event="removed"), "22:13:07  removed     19aa8f1c2d3-5b1e"),
        (replace(UNKNOWN, match=Match(None, 0.9, ())), "22:13:07  unknown     19aa8f1c2d3-5b1e  nothing is enrolled"),
    ],
)
def test_the_line_for_people(event: Event, line: str) -> None:
    assert as_line(event, "22:13:07") == line
    assert re.sub(r"\x1b\[\d+m", "", as_line(event, "22:13:07", colour=True)) == line
