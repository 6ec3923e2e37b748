"""Photos of the one object before the camera, from a camera or from the service that holds it."""

import logging
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from edge.cameras.camera import Camera
from edge.cameras.latest import latest
from edge.daemon.live_view import ObservedIsolator
from edge.daemon.snapshot import request_snapshot
from edge.errors import BadPhoto, StoreError
from edge.images.writer import encode
from edge.isolation.isolator import Isolator
from edge.types import Frame

Newest = Iterator[Frame | None]

log = logging.getLogger(__name__)

SECONDS_TO_REST = 10.0
"""In which an object must come to rest."""
MEDIA_SECONDS_TO_REST = 120.0
"""The same for media, which may begin with an empty scene."""


def service_photos(state: Path, every: float, seconds_to_rest: float = SECONDS_TO_REST) -> Generator[bytes, None, None]:
    """Given the state folder of a running service, yield JPEGs of what it sees. Raise BadPhoto or StoreError."""
    while True:
        end = time.monotonic() + seconds_to_rest
        while True:
            snapshot = request_snapshot(state)
            if snapshot is None:
                raise StoreError(f"{state}: the service has stopped; run this command again")
            if snapshot.photo:
                break
            if time.monotonic() > end:
                raise BadPhoto(refusal(snapshot.objects))
        yield snapshot.photo
        time.sleep(every)


def camera_photos(
    camera: Camera, isolator: Isolator, every: float, newest: Callable[[Iterator[Frame]], Newest] = latest
) -> Generator[bytes, None, None]:
    """Given an open camera, yield JPEGs of what stands before it. Raise CameraError or BadPhoto.

    A live camera shows what stands there; where the isolator does not know the empty scene, that is a whole frame,
    which the bank cuts later. Media show the empty scene first. newest: leaves out the frames of a live camera that
    come while one is processed.
    """
    whole = camera.live and not isolator.state()
    if whole:
        log.warning("the empty scene is not known yet: these are whole frames, cut once the service has seen it")
    observed, seconds_to_rest = ObservedIsolator(isolator), SECONDS_TO_REST if camera.live else MEDIA_SECONDS_TO_REST
    since = due = None
    frames: Iterator[Frame | None] = newest(iter(camera)) if camera.live else iter(camera)
    for frame in filter(None, frames):
        since = frame.t if since is None else since
        observed.step(frame)
        picture = frame.image if whole else observed.view.crop
        if picture is not None and (due is None or frame.t >= due):
            yield encode(picture, ".jpg")
            since, due = frame.t, frame.t + every
        elif frame.t - since > seconds_to_rest:
            break
    raise BadPhoto(refusal(observed.view.objects))


def refusal(objects: int) -> str:
    """Given how many objects stand there, return why no photo was taken of one."""
    if objects == 0:
        return "nothing new stands before the camera; put the product there, or take it away for a moment and back"
    if objects == 1:
        return "the object before the camera is covered or moves; keep hands away from it for a moment"
    return f"{objects} objects stand before the camera; leave only the product there"
