"""Take enrollment photos of the one object that stands before the camera, which the service may hold meanwhile."""

import logging
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import count, islice
from pathlib import Path

from edge import exit_codes
from edge.config import Config
from edge.console.options import add_config, configuration
from edge.console.text import count as counted
from edge.console.text import printable
from edge.errors import BadPhoto, StoreError
from edge.storage.files import sync_folder, write_atomic

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds in which an object must come to rest; in media, whose beginning may be empty, MEDIA_PATIENCE of its own."""
MEDIA_PATIENCE = 120.0


def add_arguments(parser: ArgumentParser) -> None:
    """Add the verb's options."""
    parser.add_argument("product", type=product, metavar="PRODUCT", help="the product that stands there")
    parser.add_argument("--photos", type=number, default=4, metavar="N", help="how many photos are taken")
    parser.add_argument(
        "--every", type=seconds, default=1.0, metavar="SECONDS", help="time between two, in which it may be turned"
    )
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Write the photos under the next free numbers of the product, and print a line for each.

    Raise BadPhoto if nothing stands there, or several things do; StoreError if the folder cannot be written;
    CameraError.
    """
    from edge.bank.folder import scan
    from edge.daemon.snapshot import request_snapshot

    config = configuration(args)
    scan(config.enroll.folder)
    folder = config.enroll.folder / args.product
    running = request_snapshot(config.state.folder) is not None
    photos = from_service(config.state.folder, args.every) if running else from_camera(config, args.every)
    taken = 0
    try:
        with closing(photos):
            for photo, path in zip(islice(photos, args.photos), free(folder), strict=False):
                if not folder.is_dir():
                    folder.mkdir()
                    sync_folder(folder.parent)
                write_atomic(path, photo)
                taken += 1
                print(printable(f"{path}  {taken} of {args.photos}"), flush=True)
    except BadPhoto as error:
        raise BadPhoto(f"{error}; {counted(taken, 'photo')} of {args.photos} taken") from error
    except PermissionError as error:
        raise StoreError(f"{folder}: {error.strerror}; be the folder's owner, or give --enroll another") from error
    return exit_codes.OK


def from_service(state: Path, every: float) -> Generator[bytes, None, None]:
    """Given the state folder of a running service, yield photos of what it sees. Raise BadPhoto or StoreError."""
    from edge.daemon.snapshot import request_snapshot

    while True:
        end = time.monotonic() + PATIENCE
        while True:
            handed = request_snapshot(state)
            if handed is None:
                raise StoreError(f"{state}: the service has ended meanwhile; do this again")
            if handed.photo:
                break
            if time.monotonic() > end:
                raise BadPhoto(refusal(handed.objects))
        yield handed.photo
        time.sleep(every)


def from_camera(config: Config, every: float) -> Generator[bytes, None, None]:
    """Given the configuration, yield photos of what its camera sees. Raise CameraError or BadPhoto.

    A live camera shows what stands there; without a scene that the service has learned, that is a whole frame, which
    the bank cuts later. Media show the empty scene first.
    """
    from edge import assembly
    from edge.cameras.factory import open_camera
    from edge.cameras.latest import latest
    from edge.daemon.live_view import ObservedIsolator
    from edge.images.writer import encode
    from edge.types import Frame

    isolator = assembly.isolator(config.state)
    with closing(open_camera(config.camera)) as camera:
        whole = camera.live and not isolator.state()
        if whole:
            log.warning("the empty scene is not known yet: these are whole frames, cut once the service has seen it")
        standing, patience = ObservedIsolator(isolator), PATIENCE if camera.live else MEDIA_PATIENCE
        since = due = None
        frames: Iterator[Frame | None] = latest(iter(camera)) if camera.live else iter(camera)
        for frame in filter(None, frames):
            since = frame.t if since is None else since
            standing.step(frame)
            picture = frame.image if whole else standing.view.crop
            if picture is not None and (due is None or frame.t >= due):
                yield encode(picture, ".jpg")
                since, due = frame.t, frame.t + every
            elif frame.t - since > patience:
                break
    raise BadPhoto(refusal(standing.view.objects))


def refusal(objects: int) -> str:
    """Given how many objects stand there, return why no photo was taken of one."""
    if objects == 0:
        return "nothing new stands before the camera; put the product there, or take it away for a moment and back"
    if objects == 1:
        return "the object before the camera is covered or moves; keep hands away from it for a moment"
    return f"{objects} objects stand before the camera; leave only the product there"


def free(folder: Path) -> Iterator[Path]:
    """Given a product's folder, yield names for photos in it: the numbers above those that are there."""
    numbers = [int(file.stem) for file in folder.glob("*") if file.stem.isdecimal()]
    return (folder / f"{number}.jpg" for number in count(max(numbers, default=0) + 1))


def product(text: str) -> str:
    """Given what the command line names, return it if it can be a folder. Raise ArgumentTypeError."""
    if not text.strip() or text.startswith(".") or "/" in text or "\0" in text:
        raise ArgumentTypeError(f"expected a name without a slash or a leading dot, got {text!r}")
    return text


def number(text: str) -> int:
    """Given how many photos are wanted, return it as a number from 1. Raise ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def seconds(text: str) -> float:
    """Given a time, return it as a number from 0. Raise ArgumentTypeError."""
    try:
        if 0 <= (value := float(text)) < float("inf"):
            return value
    except ValueError:
        pass
    raise ArgumentTypeError(f"expected seconds, 0 or more, got {text!r}")
