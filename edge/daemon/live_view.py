"""What stands before the camera now, for those who ask for its picture."""

from typing import NamedTuple, Protocol

from edge.images.crop import alone, crop
from edge.types import Box, Change, Frame, Image


class LiveView(NamedTuple):
    """One frame. objects: how many stand in it. crop: the picture of the only one, where it is in full view."""

    objects: int
    crop: Image | None


class Isolation(Protocol):
    """What is needed of an Isolator."""

    def step(self, frame: Frame) -> list[Change]: ...
    def locate(self, image: Image) -> list[Box]: ...


class ObservedIsolator:
    """An isolator whose last frame can be looked at. view: that frame's; its crop is a part of the frame itself."""

    def __init__(self, isolator: Isolation) -> None:
        self._isolator = isolator
        self._tracks: set[int] = set()
        self._image: Image | None = None
        self.view = LiveView(0, None)

    def step(self, frame: Frame) -> list[Change]:
        """Given the next frame, return what changed in it."""
        self._image = frame.image
        changes = self._isolator.step(frame)
        self._tracks |= {change.track for change in changes if change.kind == "placed"}
        self._tracks -= {change.track for change in changes if change.kind == "removed"}
        seen = [change.box for change in changes if change.kind == "seen"]
        only = seen[0] if seen and len(self._tracks) == 1 else None
        self.view = LiveView(len(self._tracks), crop(frame.image, only) if only else None)
        return changes

    def turning_crop(self) -> Image | None:
        """The picture of the only thing in the last frame, which need not rest; None while a hand is in view."""
        if self._image is None:
            return None
        box = alone(self._image, self._isolator.locate(self._image))
        return crop(self._image, box) if box else None
