"""The daemon's loop: a frame in, its events recorded, then told; the background kept now and then.

Brittle on purpose: a fault of the camera or the model ends the loop, and whoever started the process starts it again.
Tough on purpose: events that cannot be recorded (a full disk) wait, are retried every second and are told only once
they are recorded; a background that cannot be kept is reported and kept later.

Placements that were open when the process last ended are closed by a `removed` at the first frame: nobody saw what
happened meanwhile. An object that still stands there is a new placement.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from edge.errors import StoreError
from edge.types import Event, Frame

log = logging.getLogger(__name__)

RETRY_EVERY = 1.0
"""Seconds between attempts to record what could not be recorded."""

KEEP_FIRST = 15.0
"""Seconds after which the background is kept for the first time, so that a power cut soon after finds it learned."""

KEEP_EVERY = 600.0
"""Seconds between later times: rarely, for the card's sake."""


class Stages(Protocol):
    """What the loop needs of the pipeline."""

    def process(self, frame: Frame) -> list[Event]:
        """Given the next frame, return its events."""

    def finish(self, frame: Frame) -> list[Event]:
        """Given the last frame, return what was pending."""


class Loop:
    """Runs the pipeline until the frames end or `stop` is called; `stop` may be called from a signal handler."""

    def __init__(
        self,
        pipeline: Stages,
        record: Callable[[Event], None],
        tell: Callable[[Event], None],
        keep: Callable[[], None] = lambda: None,
        abandoned: Iterable[Event] = (),
        now: Callable[[], str] = lambda: "",
    ) -> None:
        """Given the pipeline and where its events go, wait for `run`.

        record: makes an event durable or raises StoreError. tell: prints a recorded event. keep: saves the background.
        abandoned: the last events of placements that a former process left open. now: UTC in ISO 8601, for their end.
        """
        self._pipeline, self._record, self._tell, self._keep = pipeline, record, tell, keep
        self._abandoned, self._now = list(abandoned), now
        self._untold: deque[Event] = deque()
        self._retry_at = 0.0
        self._failing = False
        self._stopping = False

    def stop(self) -> None:
        """Leave after the current frame."""
        self._stopping = True

    def run(self, frames: Iterable[Frame | None]) -> None:
        """Given frames (None: none came for a while), work until they end. Raise CameraError or BadModel."""
        frame, keep_at = None, 0.0
        for new in frames:
            if self._stopping:
                break
            if new is None:
                continue
            if frame is None:
                self._untold += [
                    replace(event, event="removed", at=self._now(), t=new.t, frame=new.index)
                    for event in self._abandoned
                ]
                keep_at = new.t + KEEP_FIRST
            frame = new
            self._untold += self._pipeline.process(frame)
            if self._untold and frame.t >= self._retry_at:
                self._deliver(frame.t)
            if frame.t >= keep_at:
                self._try_keep()
                keep_at = frame.t + KEEP_EVERY
        if frame is None:
            return
        self._untold += self._pipeline.finish(frame)
        self._deliver(frame.t)
        self._try_keep()
        if self._untold:
            raise StoreError(f"{len(self._untold)} events could not be recorded before the end; the fault is above")

    def _deliver(self, t: float) -> None:
        while self._untold:
            try:
                self._record(self._untold[0])
            except StoreError as error:
                if not self._failing:
                    log.warning("%s; events wait until it is mended", error)
                self._failing, self._retry_at = True, t + RETRY_EVERY
                return
            self._failing = False
            self._tell(self._untold.popleft())

    def _try_keep(self) -> None:
        try:
            self._keep()
        except OSError as error:
            log.warning("the background is not kept: %s", error)
