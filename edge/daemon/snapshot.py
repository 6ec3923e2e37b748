"""Hands out the picture of what stands before the camera, by two files in the state folder.

The service holds the camera; `bottlebank capture`, run by whoever owns the enrollment folder, touches the one file,
which the service keeps locked, and after the next frame finds the answer in the other: a line of JSON,
`{"objects": 1}`, and where the one object is in full view its picture, a JPEG. Who writes `turn` into the first file
gets a picture of an object that does not rest, too. They are no socket, so that the folder
can be copied as it is. Tough on purpose: files that cannot be written are a warning.
"""

import fcntl
import json
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from edge.daemon.live_view import LiveView
from edge.errors import StoreError
from edge.images.writer import encode
from edge.types import Image

log = logging.getLogger(__name__)

QUESTION, ANSWER = "capture.question", "capture.answer"

TURN = b"turn"

SECONDS_TO_ANSWER = 5.0
"""After which whoever asks gives up."""


class Snapshot(NamedTuple):
    """What was handed out. objects: how many stand there. photo: a JPEG of the only one, if it is in full view."""

    objects: int
    photo: bytes | None


class SnapshotServer:
    """The service's side; to be called with the view of each frame. One system call where nobody asks."""

    def __init__(self, folder: Path) -> None:
        """Given the state folder, be ready to answer."""
        self._answer = folder / ANSWER
        self._question: int | None = None
        try:
            self._question = os.open(folder / QUESTION, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
            if os.fstat(self._question).st_uid == os.geteuid():
                os.fchmod(self._question, 0o660)  # those who may read the bank may ask
            fcntl.flock(self._question, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._asked = os.fstat(self._question).st_mtime_ns
        except OSError as error:
            log.warning("%s: %s; `bottlebank capture` cannot ask for pictures", folder / QUESTION, error.strerror)
            self.close()

    def __call__(self, view: LiveView, turning_crop: Callable[[], Image | None] = lambda: None) -> None:
        """Given what the newest frame shows, hand it out if somebody asks.

        turning_crop: cuts the one object out of the newest frame, though it may be turning.
        """
        if self._question is None or (asked := os.fstat(self._question).st_mtime_ns) == self._asked:
            return
        self._asked = asked
        picture = turning_crop() if os.pread(self._question, len(TURN), 0) == TURN else view.crop
        photo = b"" if picture is None else encode(picture, ".jpg")
        draft = self._answer.with_suffix(".draft")
        try:
            draft.write_bytes(json.dumps({"objects": view.objects}).encode() + b"\n" + photo)
            draft.rename(self._answer)
        except OSError as error:
            log.warning("%s: %s; no picture is handed out", draft, error.strerror)

    def close(self) -> None:
        """Answer no more."""
        if self._question is not None:
            os.close(self._question)
            self._question = None


def request_snapshot(
    folder: Path, turning: bool = False, seconds_to_answer: float = SECONDS_TO_ANSWER
) -> Snapshot | None:
    """Given the state folder, return what the service's next frame shows; None where no service runs.

    turning: the picture may be of an object that does not rest.
    Raise StoreError if this user may not ask, or no answer comes.
    """
    answer = folder / ANSWER
    try:
        question = os.open(folder / QUESTION, os.O_RDWR | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        mend = "sudo usermod -aG bottlebank $USER, and log in again"
        raise StoreError(f"{folder / QUESTION}: {error.strerror}; try: {mend}") from error
    try:
        fcntl.flock(question, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None  # nobody holds it
    except BlockingIOError:
        before = _version(answer)
        os.ftruncate(question, 0)
        if turning:
            os.pwrite(question, TURN, 0)
        os.utime(question)
    finally:
        os.close(question)
    end = time.monotonic() + seconds_to_answer
    while time.monotonic() < end:
        if _version(answer) != before:
            head, _, photo = answer.read_bytes().partition(b"\n")
            return Snapshot(int(json.loads(head)["objects"]), photo or None)
        time.sleep(0.02)
    raise StoreError(f"{answer}: the service gives no picture; its journal says why: journalctl -u bottlebank -n 20")


def _version(path: Path) -> tuple[int, int] | None:
    with suppress(FileNotFoundError):
        status = path.stat()
        return status.st_ino, status.st_mtime_ns
    return None
