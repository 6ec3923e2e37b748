"""How a thing came to where it rests: set down by an arm, or walked in on its own, as people do.

Each thing in view is followed from picture to picture by its overlap. One that moves as a whole, free of the border,
walks. One that was part of a larger thing that reached the border, and is now alone, was set down by an arm, which then
let go of it. One that appears at rest, or reaches the border while it moves, did neither.
"""

from dataclasses import dataclass

import numpy as np

from edge.isolation.downscale import Mask, bounds
from edge.isolation.masks import at_border, share
from edge.isolation.settings import IsolationSettings
from edge.types import Box


@dataclass(slots=True)
class _Thing:
    mask: Mask
    """As it was when it last moved or changed its size; `last`: in the last picture."""
    last: Mask
    t: float
    since: float
    """Seconds at which it came into view."""
    steps: int = 0

    def walks(self, mask: Mask, masks: list[Mask], settings: IsolationSettings) -> int:
        """How many steps it has walked, given what it looks like now, and all that is in view."""
        if any(_lets_go(before, mask, masks, settings) for before in (self.last, self.mask)):
            return 0
        size = np.count_nonzero(mask) / np.count_nonzero(self.mask)
        ratio = settings.held_size_ratio
        if at_border(self.mask, settings) or at_border(mask, settings) or not 1 / ratio < size < ratio:
            return self.steps
        return self.steps + _has_travelled(bounds(self.mask), bounds(mask), settings)

    def has_changed(self, mask: Mask, settings: IsolationSettings) -> bool:
        """Whether it is elsewhere or of another size than when it last was."""
        overlap = _overlaps(mask, self.mask)
        if at_border(self.mask, settings) and not at_border(mask, settings):
            return True
        same = settings.same_overlap_share
        changed = max(overlap) < same or min(overlap) < same / settings.held_size_ratio
        return changed or _has_travelled(bounds(self.mask), bounds(mask), settings)


def _has_travelled(before: Box, now: Box, settings: IsolationSettings) -> bool:
    left, top = now.x - before.x, now.y - before.y
    right, bottom = left + now.width - before.width, top + now.height - before.height
    step = settings.step_share
    return _both(left, right) > step * before.width or _both(top, bottom) > step * before.height


def _both(one: int, other: int) -> int:
    """How far two sides have moved, if both have the same way."""
    return min(abs(one), abs(other)) if one * other > 0 else 0


def _overlaps(one: Mask, other: Mask) -> tuple[float, float]:
    return share(one, other), share(other, one)


def _lets_go(before: Mask, mask: Mask, masks: list[Mask], settings: IsolationSettings) -> bool:
    """Whether an arm has let go of a thing: it was part of one that reached the border; the rest still does or left."""
    if at_border(mask, settings) or not at_border(before, settings) or share(before, mask) < settings.held_share:
        return False
    arm = any(at_border(other, settings) and bool((other & before).any()) for other in masks)
    return bool(arm or np.count_nonzero(before) > settings.held_size_ratio * np.count_nonzero(mask))


class Arrivals:
    """Follows what may become objects."""

    def __init__(self, settings: IsolationSettings) -> None:
        self._settings = settings
        self._noted = 0.0
        self._things: list[_Thing] = []

    def note(self, masks: list[Mask], t: float) -> None:
        """Given what may be objects in the next picture, follow them."""
        recent = min(t - self._settings.lost_seconds, self._noted)  # frames may be further apart than that
        before = [thing for thing in self._things if thing.t >= recent]
        self._noted = t
        self._things = [_next(mask, masks, before, t, self._settings) for mask in masks]
        taken = np.logical_or.reduce([np.zeros_like(masks[0]), *masks]) if masks else None
        self._things += [thing for thing in before if taken is None or not (thing.last & taken).any()]

    def age(self, mask: Mask, t: float) -> float:
        """Seconds for which what is there, one of the masks last noted, has been in view."""
        return next(t - thing.since for thing in self._things if thing.last is mask)

    def walked(self, mask: Mask) -> bool:
        """Whether what rests there, one of the masks last noted, came on its own."""
        return any(thing.steps >= self._settings.walker_steps for thing in self._things if thing.last is mask)


def _next(mask: Mask, masks: list[Mask], before: list[_Thing], t: float, settings: IsolationSettings) -> _Thing:
    """The thing that a mask shows: the one before it that it overlaps most, or else a new one."""
    overlaps = [np.count_nonzero(thing.last & mask) for thing in before]
    if not any(overlaps):
        return _Thing(mask, mask, t, t)
    thing = before[int(np.argmax(overlaps))]
    last_moved = mask if thing.has_changed(mask, settings) else thing.mask
    return _Thing(last_moved, mask, t, thing.since, thing.walks(mask, masks, settings))
