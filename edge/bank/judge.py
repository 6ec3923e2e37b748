"""One file of the enrollment folder: read, and made into crops, or refused or ignored with the reason."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from edge.bank import video_views
from edge.bank.folder import VIDEOS, Found
from edge.bank.tables import EmbeddedPhoto, PhotoRow
from edge.bank.video_views import VideoReader
from edge.errors import BadPhoto
from edge.images.headers import Header, inspect, is_picture
from edge.images.letterbox import letterbox
from edge.images.reader import MAX_BYTES, OVERSAMPLING, decode, unreadable
from edge.types import Image

LEAST_SIDE = 16
"""Pixels of a photo's shorter side, under which nothing can be told from it."""

BLANK = 2.0
"""Standard deviation of each colour in a photo, shrunk to 32 pixels, below which it is one colour all over."""

WHOLE = "nothing stands out from the empty scene; the whole photo is used"
WHOLE_VIDEO = "nothing stands out from its first frames; whole frames are used"


@dataclass(frozen=True, slots=True)
class CameraView:
    """The camera's view. A photo of exactly its size, in pixels, is a whole frame of it, and not yet a crop.

    crops: given such a frame, RGB, return the crop of each object that stands in it, cut as a probe is.
    is_empty: given such a frame in which nothing stands, return whether it shows the empty scene, and is no close-up.
    """

    width: int
    height: int
    crops: Callable[[Image], list[Image]]
    is_empty: Callable[[Image], bool] = lambda image: False


class Judged(NamedTuple):
    """A file's row and, where it is to be embedded, its crops, (size, size, 3) uint8 each, and their key."""

    row: PhotoRow
    crops: Sequence[Image] = ()
    key: EmbeddedPhoto | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges files.

    known: what the model has embedded, by hash. size: the side of a crop in pixels. scene: the camera's view, if there
    is one. video: how videos are read, if they are. stop: asked between frames of a video; True leaves it for later.
    """

    known: Mapping[bytes, EmbeddedPhoto]
    size: int
    scene: CameraView | None = None
    video: VideoReader | None = None
    stop: Callable[[], bool] = lambda: False

    def __call__(self, photo: Found) -> Judged | None:
        """Given a file, return what it is; None if it is gone, was changed meanwhile, or `stop` said so."""
        is_video = photo.path.suffix.lower() in VIDEOS
        try:
            digest, data = _video_hash(photo.path) if is_video else _content(photo.path)
            if photo.path.stat().st_mtime_ns != photo.mtime:
                return None
        except FileNotFoundError:
            return None
        except OSError as error:
            return Judged(PhotoRow(photo.name, photo.product, "", None, unreadable(error)))
        row = PhotoRow(photo.name, photo.product, photo.stamp, digest, None)
        if digest in self.known:
            return Judged(row)
        try:
            if is_video:
                return self._video(row, photo)
            if not photo.path.suffix and not is_picture(data):
                return Judged(row._replace(reason="not a picture", ignored=True))
            return self._photo(row, data, inspect(data))
        except BadPhoto as error:
            return Judged(row._replace(reason=str(error)))

    def _photo(self, row: PhotoRow, data: bytes, header: Header) -> Judged:
        assert row.hash
        whole = self.scene is not None and header.size == (self.scene.width, self.scene.height)
        if min(header.size) < LEAST_SIDE:
            raise BadPhoto(f"{header.width}x{header.height} pixels; expected at least {LEAST_SIDE} a side")
        image = decode(data, None if whole else OVERSAMPLING * self.size, header)
        if is_blank(image):
            raise BadPhoto("one colour all over; take the photo again")
        cut, note = False, None
        if self.scene is not None and whole:
            crops = self.scene.crops(image)
            if len(crops) > 1:
                reason = f"a whole frame of this camera with {len(crops)} objects in it; leave only the product there"
                return Judged(row._replace(stamp="", reason=reason))
            if not crops and self.scene.is_empty(image):
                reason = "a whole frame of this camera that shows the empty scene; put the product there"
                return Judged(row._replace(stamp="", reason=reason))
            cut, note = bool(crops), None if crops else WHOLE
            image = crops[0] if crops else image
        return Judged(row, [letterbox(image, self.size)], EmbeddedPhoto(row.hash, *header.size, cut, note))

    def _video(self, row: PhotoRow, photo: Found) -> Judged | None:
        assert row.hash
        if self.video is None:
            raise BadPhoto("a video, which is not read here; save single frames as JPEG")
        views = video_views.views(photo.path, self.video, self.size, self.stop)
        if views is None or photo.path.stat().st_mtime_ns != photo.mtime:
            return None
        note = None if views.isolated else WHOLE_VIDEO
        return Judged(row, views.crops, EmbeddedPhoto(row.hash, views.width, views.height, views.isolated, note))


def is_blank(image: Image) -> bool:
    """Given an RGB picture (height, width, 3) uint8, return whether it shows one colour all over."""
    small = cv2.resize(image, (32, 32), interpolation=cv2.INTER_AREA)
    return float(np.std(small, axis=(0, 1)).max()) < BLANK


def _content(path: Path) -> tuple[bytes, bytes]:
    """A photo's hash and content."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
        if len(data) != os.fstat(file.fileno()).st_size:
            raise FileNotFoundError(path)  # it changed since it was listed
    return blake2b(data, digest_size=16).digest(), data


def _video_hash(path: Path) -> tuple[bytes, bytes]:
    """A video's hash, without its content: it may be larger than memory."""
    total = blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(2**20):
            total.update(chunk)
    return total.digest(), b""
