"""What every camera is to the rest: frames, their size, and whether they wait."""

from collections.abc import Iterator
from typing import Protocol

from edge.types import Frame


class Camera(Protocol):
    """A source of frames, open from when it is made until it is closed.

    size: width and height of its frames, in pixels. live: who reads a live camera too slowly should lose frames, not
    time; the frames of another wait until they are asked for.
    """

    @property
    def size(self) -> tuple[int, int]: ...

    @property
    def live(self) -> bool: ...

    def __iter__(self) -> Iterator[Frame]:
        """The frames, their numbers ascending from 0. Raise CameraError if it fails; one that is not live may end."""

    def close(self) -> None:
        """Close the device or file; may be called twice, and from another thread than the reader's."""
