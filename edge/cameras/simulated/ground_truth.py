"""What truly happened in the simulated scene, and how a pipeline's events compare with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from edge.types import Box, Event

DUE = 2.0
"""Seconds after all has come to rest within which an event must have come."""

OVERLAP = 0.4
"""Part that the boxes of an object and of its event share at least: intersection over union."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was put down or taken away.

    visit: the same for putting one object down and taking it away. product: its name. enrolled: whether it is one of
    those that are enrolled. box: where it stands, in full-frame pixels. since, until: seconds between which a hand
    acts, or something else keeps the scene from rest; the event is due by `due`.
    """

    kind: Literal["placed", "removed"]
    visit: int
    product: str
    enrolled: bool
    box: Box
    since: float
    until: float

    @property
    def due(self) -> float:
        """Seconds at which the event must have come."""
        return self.until + DUE

    @property
    def expected(self) -> str | None:
        """What it is to be called: None for unknown."""
        return self.product if self.enrolled else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one deed: its event, and for a placement the answer; fault: what is wrong, or None."""

    deed: Deed
    event: Event | None
    answer: Event | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """Every deed with its verdict, in order, and the events that nothing gave cause for."""

    verdicts: tuple[Verdict, ...]
    extra: tuple[Event, ...]

    @property
    def right(self) -> bool:
        """Whether everything was told once and nothing else."""
        return not self.faults

    @property
    def faults(self) -> list[str]:
        """What is wrong, a line each."""
        lines = [verdict.fault for verdict in self.verdicts if verdict.fault]
        return lines + [f"{event.t:.1f} s: {event.event} at {tuple(event.box)} did not happen" for event in self.extra]


def score(deeds: Sequence[Deed], events: Sequence[Event], named: bool = True) -> Score:
    """Given the truth and the events of a whole run, return how they compare.

    named: whether the answers count too; without, only placed and removed events do.
    """
    counted = [event for event in events if named or event.event in ("placed", "removed")]
    free = list(counted)
    placements: dict[int, str] = {}
    verdicts = []
    for deed in deeds:
        event = _event_of(deed, free, placements.get(deed.visit))
        answers: list[Event] = []
        if event:
            free.remove(event)
            if deed.kind == "placed":
                placements[deed.visit] = event.placement
                answers = [other for other in free if _is_answer(other, event.placement)]
        if answers:
            free.remove(answers[0])
        answer = answers[0] if answers else None
        verdicts.append(Verdict(deed, event, answer, _fault(deed, event, answer, named)))
    return Score(tuple(verdicts), tuple(free))


def _event_of(deed: Deed, events: Sequence[Event], placement: str | None) -> Event | None:
    """The event that tells this deed best; a removal must be of the same placement."""
    near = [
        event
        for event in events
        if event.event == deed.kind
        and deed.since <= event.t <= deed.due
        and overlap(event.box, deed.box) >= OVERLAP
        and (deed.kind == "placed" or event.placement == placement)
    ]
    return max(near, key=lambda event: overlap(event.box, deed.box), default=None)


def _is_answer(event: Event, placement: str) -> bool:
    return event.placement == placement and event.event in ("identified", "unknown")


def _fault(deed: Deed, event: Event | None, answer: Event | None, named: bool) -> str | None:
    where = f"{deed.until:.1f} s: {deed.product} {deed.kind} at {tuple(deed.box)}"
    if event is None:
        return f"{where}: no event"
    if deed.kind == "removed" or not named:
        return None
    if answer is None:
        return f"{where}: no answer"
    product = answer.match.product if answer.match else None
    if product != deed.expected:
        return f"{where}: called {product or 'unknown'} instead of {deed.expected or 'unknown'}"
    return None


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, in [0, 1]."""
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    return both / (one.width * one.height + other.width * other.height - both)
