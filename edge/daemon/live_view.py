"""What stands before the camera now, for whoever wants its picture, beside the pipeline that wants its name."""

from typing import NamedTuple

from edge.images.crop import crop
from edge.recognition.pipeline import Isolation
from edge.types import Change, Frame, Image


class LiveView(NamedTuple):
    """One frame. objects: how many stand in it. crop: the picture of the only one, where it is in full view."""

    objects: int
    crop: Image | None


class ObservedIsolator:
    """An isolator whose last frame can be looked at. view: that frame's; its crop is a part of the frame itself."""

    def __init__(self, isolator: Isolation) -> None:
        self._isolator = isolator
        self._tracks: set[int] = set()
        self.view = LiveView(0, None)

    def step(self, frame: Frame) -> list[Change]:
        """Given the next frame, return what changed in it."""
        changes = self._isolator.step(frame)
        self._tracks |= {change.track for change in changes if change.kind == "placed"}
        self._tracks -= {change.track for change in changes if change.kind == "removed"}
        seen = [change.box for change in changes if change.kind == "seen"]
        only = seen[0] if seen and len(self._tracks) == 1 else None
        self.view = LiveView(len(self._tracks), crop(frame.image, only) if only else None)
        return changes
