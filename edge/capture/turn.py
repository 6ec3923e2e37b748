"""The differing views of a product that is turned before the camera.

A look is a picture of the object alone: none is taken while a hand is in view or its size is not the usual one. Of all
looks the sharp ones that differ are kept. What is seen counts as known where an earlier side of the turn looked alike;
once nearly all is known, the turn is complete.
"""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from edge.bank.video_views import LEARN, SHARP, is_usual
from edge.bank.views import farthest_first
from edge.cameras.camera import Camera
from edge.cameras.latest import latest
from edge.capture.photos import SECONDS_TO_REST, Newest
from edge.daemon.snapshot import TURN, request_snapshot
from edge.errors import BadPhoto, StoreError
from edge.images.crop import alone, crop
from edge.images.reader import decode
from edge.images.sharpness import sharpness
from edge.images.writer import encode
from edge.isolation.isolator import Isolator
from edge.types import Frame, Image, Vectors

LOOK_EVERY = 0.2
"""Seconds between looks."""

SHORTEST, LONGEST = 10.0, 30.0
"""Seconds that a turn takes, from its first look."""

RECENT, EARLIER = 2.0, 2.0
"""Seconds of the last looks by which the turn is judged, and by which a look must be older for a side to be known."""

ALIKE = 0.05
"""Cosine distance up to which two looks show the same side."""

ENOUGH = 0.8
"""Part of the recent looks that are known when the turn is complete."""

Picture = tuple[float, bytes | None]
"""The time in seconds, and a JPEG of the object alone, where there is one."""


class Progress(NamedTuple):
    """How far a turn is. t: seconds from its first look. views: that differ so far. known: part of what is seen now."""

    t: float
    views: int
    known: float

    @property
    def complete(self) -> bool:
        """Whether all sides were seen, or it has gone on for long enough."""
        return self.t >= LONGEST or (self.t >= SHORTEST and self.known >= ENOUGH)


class Turn:
    """The looks at a product so far."""

    def __init__(self, embed: Callable[[Sequence[Image]], Vectors]) -> None:
        """Given what embeds crops, begin with none."""
        self._embed = embed
        self._photos: list[bytes] = []
        self._sharp: list[float] = []
        self._sizes: list[int] = []
        self._times: list[float] = []
        self._vectors: list[Vectors] = []

    def add(self, photo: bytes, t: float) -> None:
        """Given a JPEG of the object and its time in seconds, look at it."""
        picture = decode(photo)
        self._sizes.append(picture.shape[0] * picture.shape[1])
        if not is_usual(self._sizes):
            return
        self._photos.append(photo)
        self._sharp.append(sharpness(picture))
        self._times.append(t)
        self._vectors.append(self._embed([picture]))

    def progress(self) -> Progress:
        """How far it is, after a look at least."""
        times, vectors = np.array(self._times), np.concatenate(self._vectors)
        recent = np.flatnonzero(times > times[-1] - RECENT)
        known = [bool((vectors[times < times[row] - EARLIER] @ vectors[row] >= 1 - ALIKE).any()) for row in recent]
        return Progress(times[-1] - times[0], len(self._chosen()), sum(known) / len(known))

    def photos(self) -> list[bytes]:
        """The JPEGs of the sharp views that differ, at most 16; none before the first look."""
        return [self._photos[row] for row in self._chosen()]

    def _chosen(self) -> list[int]:
        if not self._vectors:
            return []
        sharp = np.array(self._sharp)
        rows = np.flatnonzero(sharp >= SHARP * sharp.max())
        return [int(rows[row]) for row in farthest_first(np.concatenate(self._vectors)[rows])]


def turn_photos(
    pictures: Iterable[Picture],
    embed: Callable[[Sequence[Image]], Vectors],
    on_progress: Callable[[Progress], None],
    seconds_to_start: float = SECONDS_TO_REST,
) -> list[bytes]:
    """Given pictures of the object while it is turned, return JPEGs of the views that differ, at most 16.

    on_progress: called once a second. Raise BadPhoto if no picture shows it alone for so many seconds.
    """
    turn, last, told = Turn(embed), None, 0.0
    for t, photo in pictures:
        last = t if last is None else last
        if photo is None:
            if t - last > seconds_to_start:
                break
            continue
        last = t
        turn.add(photo, t)
        progress = turn.progress()
        if progress.t >= told or progress.complete:
            on_progress(progress)
            told = progress.t + 1
        if progress.complete:
            break
    if photos := turn.photos():
        return photos
    raise BadPhoto("no object was seen alone; put the product there, and take your hands away between two turns")


def camera_turn(
    camera: Camera, isolator: Isolator, newest: Callable[[Iterator[Frame]], Newest] = latest
) -> Generator[Picture, None, None]:
    """Given an open camera, yield its pictures of the object alone. Raise BadPhoto or CameraError.

    Media show the empty scene first; before a live camera it must be known. newest: as for `camera_photos`.
    """
    known = bool(isolator.state())
    if camera.live and not known:
        raise BadPhoto("the empty scene is not known yet; let the service see it for a quarter of a minute first")
    start = due = None
    for frame in filter(None, newest(iter(camera)) if camera.live else iter(camera)):
        start = frame.t if start is None else start
        if not known and frame.t - start < LEARN:
            isolator.step(frame)
        elif due is None or frame.t >= due:
            due = frame.t + LOOK_EVERY
            box = alone(frame.image, isolator.locate(frame.image))
            yield frame.t, encode(crop(frame.image, box), ".jpg") if box else None


def service_turn(
    state: Path, clock: Callable[[], float] = time.monotonic, every: float = LOOK_EVERY
) -> Generator[Picture, None, None]:
    """Given the state folder of a running service, yield its pictures of the object alone. Raise StoreError."""
    while snapshot := request_snapshot(state, TURN):
        yield clock(), snapshot.photo
        time.sleep(every)
    raise StoreError(f"{state}: the service has stopped; run this command again")
