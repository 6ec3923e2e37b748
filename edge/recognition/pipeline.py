"""From frames to events: what isolation reports, named by a vote over a few looks at each object.

A look is one crop, embedded; the looks of an object are matched together, so that the bank is read once. The vote is
the majority of the looks' answers: the product that more than half of them name, else unknown. Averaging the unit
vectors instead was measured on real photos (ImageNet features, five jittered looks, up to two of them half covered):
the mean named a few more products rightly, but raised false accepts by a third and wrong names two- to fourfold, since
a mean vector scores higher than the single crops that the threshold was calibrated on. The majority kept the
false-accept rate of a single look and halved its wrong names.

Limits: an object taken away before its first look is judged by the one crop from when it came to rest; an object whose
looks differ in turn (a label half in view) may be unknown where a lucky single look would have named it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from edge.images.crop import crop
from edge.types import Box, Change, Event, EventKind, Frame, Image, Match, Vectors

LOOK_EVERY = 0.2
"""Seconds between looks at one object: far enough apart that a passing reflection or hand spoils one, not all."""

SECONDS_TO_NAME = 3.0
"""After which an object is named from the looks there are, should something keep hiding it."""


class Isolation(Protocol):
    """What the pipeline needs of the isolator."""

    def step(self, frame: Frame) -> list[Change]:
        """Given the next frame, return what changed in it."""


@dataclass(slots=True)
class _Visit:
    placement: str
    looked_t: float
    """Seconds at which it was placed, or began to be looked at again."""
    box: Box
    first: Image | None
    """The crop from when it came to rest, until there is a look."""
    next_look: float
    looks: list[Vectors] = field(default_factory=list)
    """The vector of each look, (1, D)."""
    match: Match | None = None
    is_reviewed: bool = False
    """Whether an unknown object is looked at again, since it was turned, moved or uncovered."""
    picture: Image | None = None
    """The crop of the last look, if somebody wants it with the answer."""

    @property
    def is_open(self) -> bool:
        """Whether an answer is awaited."""
        return self.match is None or self.is_reviewed

    def look_again(self, t: float) -> None:
        """Given that it looks otherwise now, look at it afresh if it has no name: the old looks are of another side."""
        if self.match is None or self.match.product is None:
            self.is_reviewed = self.match is not None
            self.looks.clear()
            self.looked_t = self.next_look = t


class Pipeline:
    """Frames in, events out: placed, then identified or unknown, then removed, once each for every placement.

    An unknown that is turned, moved or uncovered is looked at again: then identified may follow. A name stays.
    """

    def __init__(
        self,
        isolator: Isolation,
        embed: Callable[[Sequence[Image]], Vectors],
        answer: Callable[[Vectors], list[Match]],
        now: Callable[[], str],
        new_id: Callable[[], str],
        votes: int = 5,
        on_answer: Callable[[Event, Image], None] | None = None,
    ) -> None:
        """Given the stages, a clock that tells UTC in ISO 8601 and a source of placement ids, start with no placements.

        votes: looks per object, at least 1. on_answer: called with each answer and the crop of its last look.
        """
        self._on_answer = on_answer
        self._isolator, self._embed, self._match = isolator, embed, answer
        self._now, self._new_id, self._votes = now, new_id, votes
        self._visits: dict[int, _Visit] = {}

    def process(self, frame: Frame) -> list[Event]:
        """Given the next frame, return its events in the order in which they happened."""
        events: list[Event] = []
        due: list[_Visit] = []
        for change in self._isolator.step(frame):
            if change.kind == "placed":
                first = crop(frame.image, change.box).copy()
                visit = _Visit(self._new_id(), frame.t, change.box, first, next_look=frame.t)
                self._visits[change.track] = visit
                events.append(self._event("placed", visit, frame))
                continue
            visit = self._visits[change.track]
            visit.box = change.box
            if change.kind == "removed":
                del self._visits[change.track]
                events += self._name(visit, frame)
                events.append(self._event("removed", visit, frame))
            elif change.kind == "changed":
                visit.look_again(frame.t)
            elif visit.is_open and frame.t >= visit.next_look:
                due.append(visit)
        self._look(due, [crop(frame.image, visit.box) for visit in due], frame.t)
        for visit in self._visits.values():
            if len(visit.looks) >= self._votes or (visit.looks and frame.t - visit.looked_t >= SECONDS_TO_NAME):
                events += self._name(visit, frame)
        return events

    def finish(self, frame: Frame) -> list[Event]:
        """Given the last frame, return the answers of the placements still without one."""
        return [event for visit in self._visits.values() for event in self._name(visit, frame)]

    def _look(self, visits: Sequence[_Visit], crops: Sequence[Image], t: float) -> None:
        if not visits:
            return
        vectors = self._embed(crops)
        for row, visit in enumerate(visits):
            visit.looks.append(vectors[row : row + 1])
            if self._on_answer:
                visit.picture = crops[row].copy()
            visit.first = None
            visit.next_look = t + LOOK_EVERY

    def _name(self, visit: _Visit, frame: Frame) -> list[Event]:
        """The visit's answer, unless it was given before; after an unknown only a name."""
        if not visit.is_open:
            return []
        if visit.first is not None:
            self._look([visit], [visit.first], frame.t)
        again, visit.is_reviewed = visit.is_reviewed, False
        match = vote(self._match(np.concatenate(visit.looks))) if visit.looks else None
        visit.looks.clear()
        if match is None or (again and match.product is None):
            return []
        visit.match = match
        event = self._event("identified" if match.product else "unknown", visit, frame)
        if self._on_answer and visit.picture is not None:
            self._on_answer(event, visit.picture)
            visit.picture = None
        return [event]

    def _event(self, kind: EventKind, visit: _Visit, frame: Frame) -> Event:
        return Event(kind, visit.placement, self._now(), frame.t, frame.index, visit.box, visit.match)


def vote(looks: Sequence[Match]) -> Match:
    """Given at least one answer, return the one of median score among those for the product that most of them name.

    Where no product has more than half of the answers, the result is unknown.
    """
    product, count = Counter(look.product for look in looks).most_common(1)[0]
    if 2 * count <= len(looks):
        product = None
    agreeing = [look for look in looks if look.product == product] or list(looks)
    ranked = sorted(agreeing, key=lambda look: look.score or 0.0)
    return replace(ranked[len(ranked) // 2], product=product)
