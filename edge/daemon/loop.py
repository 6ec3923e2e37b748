"""The daemon's loop: a frame in, its events recorded, then reported; the background saved now and then.

Brittle on purpose: a fault of the camera or the model ends the loop, and whoever started the process starts it again.
Tough on purpose: events that cannot be recorded (a full disk) wait, are retried every second and are reported only once
they are recorded; a background that cannot be saved is a warning and saved later.

Placements that were open when the process last ended are closed by a `removed` at the first frame: nobody saw what
happened meanwhile. An object that still stands there is a new placement.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from edge.errors import StoreError
from edge.types import Event, Frame

log = logging.getLogger(__name__)

SECONDS_BETWEEN_RETRIES = 1.0
"""Seconds between attempts to record what could not be recorded."""

SECONDS_TO_FIRST_SAVE = 15.0
"""Seconds after which the background is kept for the first time, so that a power cut soon after finds it learned."""

SECONDS_BETWEEN_SAVES = 7200.0
"""Seconds between later times: rarely, for the card's sake."""


class Stages(Protocol):
    """What the loop needs of the pipeline."""

    def process(self, frame: Frame) -> list[Event]:
        """Given the next frame, return its events."""

    def finish(self, frame: Frame) -> list[Event]:
        """Given the last frame, return what was pending."""


class Records(Protocol):
    """What the loop needs of the ledger.

    missing: events not recorded yet or never. lost: those among them for which there was no room in memory.
    """

    lost: int

    @property
    def missing(self) -> int: ...

    def record(self, *events: Event) -> None:
        """Given events, make them durable, and those of former calls that failed. Raise StoreError."""


class Loop:
    """Runs the pipeline until the frames end or `stop` is called; `stop` may be called from a signal handler."""

    def __init__(
        self,
        pipeline: Stages,
        ledger: Records,
        on_event: Callable[[Event], None],
        save: Callable[[], None] = lambda: None,
        after_frame: Callable[[], None] = lambda: None,
        abandoned: Iterable[Event] = (),
        now: Callable[[], str] = lambda: "",
    ) -> None:
        """Given the pipeline and where its events go, wait for `run`.

        on_event: called with each recorded event. save: saves the background. after_frame: called after each frame.
        abandoned: the last events of placements that a former process left open. now: UTC in ISO 8601, for their end.
        """
        self._pipeline, self._ledger, self._on_event = pipeline, ledger, on_event
        self._save, self._after_frame = save, after_frame
        self._abandoned, self._now = list(abandoned), now
        self._unreported: list[Event] = []
        self._retry_at = 0.0
        self._stopping = False

    def stop(self) -> None:
        """Leave after the current frame."""
        self._stopping = True

    def run(self, frames: Iterable[Frame | None]) -> None:
        """Given frames (None: none came for a while), work until they end. Raise CameraError or BadModel."""
        frame, save_at = None, 0.0
        for new in frames:
            if self._stopping:
                break
            if new is None:
                continue
            if frame is None:
                self._deliver([self._end(event, new) for event in self._abandoned], new.t)
                save_at = new.t + SECONDS_TO_FIRST_SAVE
            frame = new
            self._deliver(self._pipeline.process(frame), frame.t)
            self._after_frame()
            if frame.t >= save_at:
                self._try_save()
                save_at = frame.t + SECONDS_BETWEEN_SAVES
        if frame is None:
            return
        self._retry_at = frame.t
        self._deliver(self._pipeline.finish(frame), frame.t)
        self._try_save()
        if self._unreported:
            raise StoreError(f"{len(self._unreported)} events could not be recorded before the end; the fault is above")

    def _end(self, event: Event, frame: Frame) -> Event:
        return replace(event, event="removed", at=self._now(), t=frame.t, frame=frame.index)

    def _deliver(self, events: Sequence[Event], t: float) -> None:
        """Record and report these events, after those that wait."""
        if not events and not (self._unreported and t >= self._retry_at):
            return
        try:
            self._ledger.record(*events)
        except StoreError as error:
            if not self._unreported:
                log.warning("%s; events wait until it can be written", error)
            self._unreported += events
            del self._unreported[self._ledger.missing - self._ledger.lost :]  # no longer in the ledger's memory
            self._retry_at = t + SECONDS_BETWEEN_RETRIES
            return
        for event in (*self._unreported, *events):
            self._on_event(event)
        self._unreported.clear()

    def _try_save(self) -> None:
        try:
            self._save()
        except OSError as error:
            log.warning("the background is not saved: %s", error)
