"""Hands out the picture of what stands before the camera, by two files in the state folder.

The service holds the camera; a command, run by whoever owns the enrollment folder, writes a question into the one file,
and after the next frame finds the answer in the other: a line of JSON,
`{"objects": 1, "question": ""}`, and a JPEG. Where nothing more is asked, it is of the one object in full view; for
`turn` that need not rest; for a placement's id it is that placement's; for `status` there is none. The line also holds
since when the service runs, the time of the frame and the frame rate. They are no socket, so that the folder can be
copied as it is. Tough on purpose: files that cannot be written are a warning.
"""

import json
import logging
import os
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from edge.daemon.clock import utc
from edge.daemon.live_view import LiveView
from edge.daemon.service_lock import running
from edge.errors import StoreError
from edge.images.writer import encode
from edge.storage.files import REMEDY
from edge.types import Image

log = logging.getLogger(__name__)

QUESTION, ANSWER = "capture.question", "capture.answer"

TURN, STATUS = "turn", "status"
LENGTH = 100
"""Bytes of a question, blanks at its end."""

FRAMES = 30
"""The last ones, from which the frame rate is computed."""

SECONDS_TO_ANSWER = 5.0
"""After which whoever asks gives up."""


class Snapshot(NamedTuple):
    """What was handed out. objects: how many stand there. photo: a JPEG of the only one, if it is in full view."""

    objects: int
    photo: bytes | None


class ServiceStatus(NamedTuple):
    """A running service. since: when it started, and at: its last frame, UTC in ISO 8601. fps: frames a second.

    objects: how many stand before the camera. fps is None until there are two frames.
    """

    since: str
    at: str
    fps: float | None
    objects: int


class SnapshotServer:
    """The service's side; to be called with the view of each frame. One system call where nobody asks."""

    def __init__(
        self, folder: Path, now: Callable[[], str] = utc, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Given the state folder, which this process has locked, be ready to answer.

        now: UTC in ISO 8601. monotonic: seconds.
        """
        self._now, self._monotonic = now, monotonic
        self._since = now()
        self._frames: deque[float] = deque(maxlen=FRAMES)
        self._answer = folder / ANSWER
        self._question: int | None = None
        try:
            self._question = os.open(folder / QUESTION, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
            if os.fstat(self._question).st_uid == os.geteuid():
                os.fchmod(self._question, 0o660)  # those who may read the bank may ask
            self._asked = os.fstat(self._question).st_mtime_ns
        except OSError as error:
            log.warning("%s: %s; `bottlebank capture` cannot ask for pictures", folder / QUESTION, error.strerror)
            self.close()

    def __call__(
        self,
        view: LiveView,
        turning_crop: Callable[[], Image | None] = lambda: None,
        placement: Callable[[str], bytes | None] = lambda placement: None,
    ) -> None:
        """Given what the newest frame shows, hand it out if somebody asks.

        turning_crop: cuts the one object out of the newest frame, though it may be turning. placement: given the id of
        an earlier placement, returns its JPEG, if there is one.
        """
        self._frames.append(self._monotonic())
        if self._question is None or (asked := os.fstat(self._question).st_mtime_ns) == self._asked:
            return
        self._asked = asked
        question = os.pread(self._question, LENGTH, 0).decode(errors="replace").rstrip()
        if question in ("", TURN):
            picture = turning_crop() if question else view.crop
            photo = b"" if picture is None else encode(picture, ".jpg")
        elif question == STATUS:
            photo = b""
        else:
            photo = placement(question) or b""
        draft = self._answer.with_suffix(".draft")
        try:
            draft.write_bytes(json.dumps(self._status(view) | {"question": question}).encode() + b"\n" + photo)
            draft.rename(self._answer)
        except OSError as error:
            log.warning("%s: %s; no picture is handed out", draft, error.strerror)

    def _status(self, view: LiveView) -> dict[str, object]:
        took = self._frames[-1] - self._frames[0]
        fps = (len(self._frames) - 1) / took if took else None
        return ServiceStatus(self._since, self._now(), fps, view.objects)._asdict()

    def close(self) -> None:
        """Answer no more."""
        if self._question is not None:
            os.close(self._question)
            self._question = None


def request_snapshot(folder: Path, question: str = "", seconds_to_answer: float = SECONDS_TO_ANSWER) -> Snapshot | None:
    """Given the state folder, return what the service's next frame shows; None where no service runs.

    question: TURN for a picture of an object that does not rest, or the id of an earlier placement.
    Raise StoreError if this user may not ask, or no answer comes.
    """
    answer = _ask(folder, question, seconds_to_answer)
    return Snapshot(int(answer[0]["objects"]), answer[1] or None) if answer else None


def request_status(folder: Path, seconds_to_answer: float = SECONDS_TO_ANSWER) -> ServiceStatus | None:
    """Given the state folder, return how its service is; None where none runs.

    Raise StoreError if this user may not ask, or it processes no frames.
    """
    answer = _ask(folder, STATUS, seconds_to_answer)
    return ServiceStatus(*(answer[0][name] for name in ServiceStatus._fields)) if answer else None


def _ask(folder: Path, question: str, seconds_to_answer: float) -> tuple[dict[str, Any], bytes] | None:
    """The answer to a question and its picture; None where no service runs."""
    try:
        if running(folder) is None:
            return None
        file = os.open(folder / QUESTION, os.O_RDWR | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError(f"{folder / QUESTION}: {error.strerror}; {REMEDY}") from error
    try:
        return _answer(file, folder / ANSWER, question, seconds_to_answer)
    finally:
        os.close(file)


def _answer(file: int, answer: Path, question: str, seconds_to_answer: float) -> tuple[dict[str, Any], bytes]:
    before = _version(answer)
    os.pwrite(file, question.encode().ljust(LENGTH), 0)
    end = time.monotonic() + seconds_to_answer
    while time.monotonic() < end:
        if (version := _version(answer)) != before:
            head, _, photo = answer.read_bytes().partition(b"\n")
            plain: dict[str, Any] = json.loads(head)
            if plain.get("question") == question:
                return plain, photo
            before = version
            os.utime(file)  # somebody else asked, or it was read before it was written: ask again
        time.sleep(0.02)
    raise StoreError(f"{answer}: the service processes no frames; the reason: journalctl -u bottlebank -n 20")


def _version(path: Path) -> tuple[int, int] | None:
    with suppress(FileNotFoundError):
        status = path.stat()
        return status.st_ino, status.st_mtime_ns
    return None
