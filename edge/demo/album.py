"""What the demonstration keeps of a run, the frame of each answer, and how all of it compares with the truth."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from edge.cameras.simulated import Score
from edge.demo.sheet import SheetRow
from edge.images.crop import crop
from edge.images.reader import read_photo
from edge.text import count
from edge.types import Event, Frame, Image

NOTHING: Image = np.zeros((1, 1, 3), np.uint8)


class Album:
    """Frames go through it; events are noted when they are reported."""

    def __init__(self, enroll: Path) -> None:
        """Given the enrollment folder, start empty."""
        self._enroll = enroll
        self._picture = NOTHING
        self._pictures: dict[str, Image] = {}

    def follow(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Given frames, yield them."""
        for frame in frames:
            self._picture = frame.image
            yield frame

    def note(self, event: Event) -> None:
        """Keep the frame in which an answer was given."""
        if event.event in ("identified", "unknown"):
            self._pictures[event.placement] = self._picture.copy()

    def rows(self, score: Score) -> list[SheetRow]:
        """Given the comparison, return a row for each answer, those that nothing gave cause for last."""
        right = [(v.answer, v.deed.product, v.deed.expected) for v in score.verdicts if v.answer]
        wrong = [(event, None, None) for event in score.extra if event.placement in self._pictures and event.match]
        return [self._row(answer, truth, expected) for answer, truth, expected in [*right, *wrong]]

    def _row(self, answer: Event, truth: str | None, expected: str | None) -> SheetRow:
        picture = self._pictures[answer.placement]
        nearest = answer.match.photo if answer.match else None
        photo = read_photo(self._enroll / nearest) if nearest else NOTHING
        return SheetRow(answer, picture, crop(picture, answer.box), photo, truth, expected)


def summary(score: Score) -> list[str]:
    """Given the comparison, return a line for each fault, then one for all."""
    deeds = Counter(verdict.deed.kind for verdict in score.verdicts)
    known = [verdict for verdict in score.verdicts if verdict.deed.kind == "placed" and verdict.deed.enrolled]
    strange = deeds["placed"] - len(known)
    happened = f"{count(deeds['placed'], 'thing')} put down, {deeds['removed']} taken away"
    if score.right:
        reported = f"each reported once; {len(known)} named, {strange} not enrolled and called unknown"
        return [f"All right: {happened}, {reported}."]
    return [*(f"WRONG  {fault}" for fault in score.faults), f"{count(len(score.faults), 'fault')}; {happened}."]
