"""The frames of a short video that show its product: sharp, and without hands where the camera stood still.

Of a fixed camera whose first frames are empty, what is put there is cut out, and a frame is left out while anything in
it reaches the border: an arm. Of a video held in the hand, or with the product in view from the start, whole frames are
taken; that is told by how many frames show one region of a steady size.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from edge.errors import BadPhoto, CameraError
from edge.images.crop import alone, crop
from edge.images.letterbox import letterbox
from edge.images.reader import MAX_PIXELS
from edge.images.sharpness import sharpness
from edge.types import Box, Change, Frame, Image

LONGEST = 60.0
"""Seconds."""

FPS = 6.0
"""Frames looked at in a second of the video."""

WINDOW = 1 / 3
"""Seconds of which the sharpest frame is taken: its neighbours show the same side."""

SHARP = 0.2
"""Sharpness, as a part of the best, from which on a frame is taken; a side without print is less sharp, too."""

LEARN = 0.5
"""Seconds at the start from which the empty scene is learned."""

STEADY, FEWEST = 0.7, 5
"""Part of the frames with one object, and how many of them, that show it in the usual size if the camera is fixed."""


class Isolates(Protocol):
    """What is needed of an Isolator."""

    def step(self, frame: Frame) -> list[Change]: ...
    def locate(self, image: Image) -> list[Box]: ...


@dataclass(frozen=True, slots=True)
class VideoReader:
    """How videos are read.

    frames: given a file and frames a second, open it and give that many; raises CameraError. isolator: makes a new one.
    """

    frames: Callable[[Path, float], AbstractContextManager[Iterable[Frame]]]
    isolator: Callable[[], Isolates]


class Views(NamedTuple):
    """What a video shows: crops, (size, size, 3) uint8 each, cut out or whole; the frame's width and height."""

    crops: list[Image]
    isolated: bool
    width: int
    height: int


class Sharpest:
    """Of each window of time the sharpest picture; those far less sharp than the best are left out at the end."""

    def __init__(self, size: int) -> None:
        """Given the side of the square that pictures are made into, begin."""
        self._size = size
        self._windows: dict[int, tuple[float, Image]] = {}

    def add(self, picture: Image, t: float) -> None:
        """Given a picture and its time in seconds, keep it if it is the sharpest of its window."""
        window, sharp = int(t / WINDOW), sharpness(picture)
        if window not in self._windows or sharp > self._windows[window][0]:
            self._windows[window] = sharp, letterbox(picture, self._size).copy()

    def pictures(self) -> list[Image]:
        """The pictures kept, in the order of time."""
        least = SHARP * max((sharp for sharp, _ in self._windows.values()), default=0.0)
        return [picture for sharp, picture in self._windows.values() if sharp > 0 and sharp >= least]


def views(path: Path, reader: VideoReader, size: int, stop: Callable[[], bool] = lambda: False) -> Views | None:
    """Given a video file, return the sharp frames of its product; None where `stop`, asked at each frame, says so.

    size: side of the crops in pixels. Raise BadPhoto if it is longer than 60 seconds, its frames are too large, none
    is usable, or it cannot be decoded to its end.
    """
    whole, cut = Sharpest(size), Sharpest(size)
    isolator, sizes = reader.isolator(), list[int]()
    picture: Image = np.empty((0, 0, 3), np.uint8)
    try:
        with reader.frames(path.absolute(), FPS) as frames:
            for frame in frames:
                if stop():
                    return None
                picture = frame.image
                _check(picture, frame.t)
                whole.add(picture, frame.t)
                if frame.t < LEARN:
                    isolator.step(frame)
                    continue
                if (box := alone(picture, isolator.locate(picture))) is None:
                    continue
                sizes.append(box.width * box.height)
                if is_usual(sizes):
                    cut.add(crop(picture, box), frame.t)
    except CameraError as error:
        raise BadPhoto(str(error).removeprefix(f"{path.absolute()}: ")) from error
    usual = sum(is_usual([*sizes, each]) for each in sizes)
    isolated = usual >= max(FEWEST, STEADY * len(sizes))
    crops = (cut if isolated else whole).pictures()
    if len(crops) < 2:
        raise BadPhoto("the video has no two sharp frames; film one slow turn of the product, large in the picture")
    return Views(crops, isolated, picture.shape[1], picture.shape[0])


def is_usual(sizes: list[int]) -> bool:
    """Given the areas of an object so far, return whether the last is within a quarter of the usual one."""
    usual = float(np.median(sizes))
    return 0.75 * usual <= sizes[-1] <= usual / 0.75


def _check(picture: Image, t: float) -> None:
    height, width = picture.shape[:2]
    if height * width > MAX_PIXELS:
        raise BadPhoto(f"{width}x{height} pixels; expected at most {MAX_PIXELS // 1_000_000} million a frame")
    if t > LONGEST:
        raise BadPhoto(f"longer than {LONGEST:.0f} seconds; cut it to one turn of the product")
