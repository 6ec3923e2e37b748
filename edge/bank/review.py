"""Crops of answers that may be wrong, for a person to look at and to correct.

Those of unsure answers are files in the state folder, each named after its placement, until they are too many, too old,
or the card has had its share of the day. The newest crops of all answers stay in memory, since a sure answer may be
wrong as well.

A file is not synced to the card, which would cost several times what it holds: a power cut may leave the newest one
incomplete, which is noticed when it is read.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import cv2

from edge.images.writer import encode
from edge.storage.files import write_unsynced
from edge.types import NOT_A_PRODUCT, Image, Match

log = logging.getLogger(__name__)

SIDE = 256
"""Longer side of a kept crop, in pixels: no less than models take."""

CLOSE = 0.05
"""Lead over the second product, a difference of cosines, under which an answer is unsure."""
DOUBTFUL = 0.9
"""Probability that an answer is right, under which it is unsure."""

MOST_FILES, MOST_DAYS = 200, 30
MOST_BYTES = 750_000
"""Written in a day of UTC, in whole blocks of the card: what the ledger and the background leave of 5 MB."""

BLOCK = 4096
IN_MEMORY = 50
DAY = 86400


def is_unsure(match: Match) -> bool:
    """Given an answer, return whether a person should look at it: unknown and no negative, or not far from that."""
    if match.product is None:
        return not match.candidates or match.candidates[0].product != NOT_A_PRODUCT
    close = match.margin is not None and match.margin < CLOSE
    return close or (match.confidence is not None and match.confidence < DOUBTFUL)


class ReviewStore:
    """Keeps crops; to be used by the service alone. Tough on purpose: what cannot be written is a warning."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        """Given the folder of the files, made when it is needed. now: seconds since 1970."""
        self._folder, self._now = folder, now
        self._recent: OrderedDict[str, bytes] = OrderedDict()
        self._day, self._written = -1, 0
        self._told = False

    def keep(self, placement: str, crop: Image, match: Match) -> None:
        """Given a placement's RGB crop and answer, keep it in memory, and as a file if the answer is unsure."""
        height, width = crop.shape[:2]
        if (scale := SIDE / max(height, width)) < 1:
            size = max(1, round(width * scale)), max(1, round(height * scale))
            crop = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        photo = encode(crop, ".jpg")
        self._recent[placement] = photo
        if len(self._recent) > IN_MEMORY:
            self._recent.popitem(last=False)
        if is_unsure(match):
            try:
                self._write(placement, photo)
                self._told = False
            except OSError as error:
                if not self._told:
                    log.warning("%s: %s; no crops are kept for review until that ends", self._folder, error.strerror)
                self._told = True

    def recent(self, placement: str) -> bytes | None:
        """The JPEG of a placement, if it is still in memory."""
        return self._recent.get(placement)

    def _write(self, placement: str, photo: bytes) -> None:
        self._folder.mkdir(mode=0o750, exist_ok=True)
        files = sorted((file.stat().st_mtime, file) for file in self._folder.glob("*.jpg"))
        now = self._now()
        day, blocks = int(now // DAY), -(-len(photo) // BLOCK) * BLOCK
        if day != self._day:
            sizes = [file.stat().st_size for changed, file in files if changed // DAY == day]
            self._day, self._written = day, sum(-(-size // BLOCK) * BLOCK for size in sizes)
        if self._written + blocks > MOST_BYTES:
            return
        old = [file for changed, file in files if now - changed > MOST_DAYS * DAY]
        for file in old + [file for _, file in files[len(old) :]][: max(0, len(files) - len(old) + 1 - MOST_FILES)]:
            file.unlink(missing_ok=True)
        write_unsynced(path(self._folder, placement), photo)
        self._written += blocks


def path(folder: Path, placement: str) -> Path:
    """The file of a placement's crop, whether or not there is one."""
    return folder / f"{placement}.jpg"
