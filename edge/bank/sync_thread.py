"""Keeps the bank in step with the enrollment folder while the daemon runs, in a thread of its own.

Tough on purpose: a bad photo is refused, a full disk or a lost folder is reported once and tried again; the last good
gallery stays in force. Where the file of the bank cannot be used, a copy in memory takes its place until it can.
Anything else is a fault of the program and ends the thread; ask `is_alive`.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from edge.bank.judge import CameraView
from edge.bank.preflight import preflight
from edge.bank.store import Bank
from edge.bank.sync import Embeds, Report, sync
from edge.bank.video_views import VideoReader
from edge.bank.watcher import Watcher
from edge.errors import DatabaseDamaged, EdgeError
from edge.types import Gallery

log = logging.getLogger(__name__)

RESCAN = 60.0
"""Seconds after which the folder is looked at though nothing was heard of it."""
FIRST_RETRY, LONGEST_RETRY = 1.0, 32.0
"""Seconds until a bank or a folder that cannot be used is tried again: doubled each time, up to the longest."""
NICENESS = 10
NAMES = 10
"""Photos told by name in one sync; of more, only the number. Those refused are all told."""


class SyncThread(threading.Thread):
    """The thread; `start` it, wait for `ready`, `close` it.

    ready: set once what the bank holds was handed over, or it turned out that it cannot be used; what is new in the
    folder follows.
    faults: how often the bank or the folder could not be used.
    """

    def __init__(
        self,
        folder: Path,
        path: Path,
        embedder: Embeds,
        on_gallery: Callable[[Gallery], None],
        scene: CameraView | None = None,
        video: VideoReader | None = None,
    ) -> None:
        """Given the enrollment folder and the path of the bank, be ready to start.

        on_gallery: called from this thread with each new gallery; swap one reference. embedder, scene, video: as for
        `sync`, used from this thread.
        """
        super().__init__(name="bank-sync", daemon=True)
        self.ready = threading.Event()
        self.faults = 0
        self._folder, self._path = folder, path
        self._embedder, self._on_gallery, self._scene, self._video = embedder, on_gallery, scene, video
        self._watcher = Watcher(folder)
        self._stopping, self._hand_over = threading.Event(), threading.Event()
        self._revision: tuple[int, int, int] | None = None
        self._gallery: Gallery | None = None
        self._rebuilt: Path | None = None
        self._warned: set[str] = set()

    def run(self) -> None:
        """Once, ready, then poll; from the start again where the bank or the folder cannot be used."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)  # frames go before photos
        retry = FIRST_RETRY
        spare: Bank | None = None
        while not self._stopping.is_set():
            opened = False
            try:
                with Bank(self._path) as bank:
                    opened, spare, self._revision = True, None, None
                    while not self._stopping.is_set():
                        self._work(bank)
                        retry = FIRST_RETRY
                        self._warned.clear()
                        self._watcher.wait(RESCAN)
            except (EdgeError, OSError) as error:
                self._warn(error)
                if not (opened and self.ready.is_set()):
                    spare = self._work_in_memory(spare)
                self._watcher.wait(retry)
                retry = min(2 * retry, LONGEST_RETRY)

    def nudge(self) -> None:
        """Look at the folder now, and hand over the gallery again though it be the same."""
        self._hand_over.set()
        self._watcher.wake()

    def close(self) -> None:
        """End the thread after the batch at hand, and wait for that; once is enough, more does no harm."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._watcher.wake()
            self.join()
            self._watcher.close()

    def _work(self, bank: Bank) -> None:
        """Hand over what is enrolled, then bring the bank in step with the folder."""
        try:
            self._publish(bank)
        except DatabaseDamaged as error:  # and empty now
            log.warning("%s", error)
        if not self.ready.is_set():
            self._rebuilt = bank.set_aside  # no better gallery is in force
            self.ready.set()
        self._sync(bank)

    def _work_in_memory(self, spare: Bank | None) -> Bank | None:
        """While the file cannot be used (a full disk, another user's, a newer program's): do it with a copy."""
        try:
            if not spare:
                self._revision = None
                spare = Bank(self._path, memory=True)
            self._work(spare)
        except (EdgeError, OSError) as error:
            self._warn(error)
        return spare

    def _warn(self, error: Exception) -> None:
        self.faults += 1
        if str(error) not in self._warned:
            log.warning("%s; recognition goes on with what is enrolled, this is tried again", error)
        self._warned.add(str(error))

    def _sync(self, bank: Bank) -> None:
        """Sync until nothing waits that could be done; a change in the folder starts it over."""
        changed = True

        def interrupted() -> bool:
            nonlocal changed
            changed = self._watcher.wait(0)
            return changed or self._stopping.is_set()

        throttle = Throttle()
        while changed and not self._stopping.is_set():
            changed = False
            report = sync(
                self._folder,
                bank,
                self._embedder,
                self._scene,
                self._video,
                busy=self._watcher.busy,
                stop=interrupted,
                progress=lambda done, total: throttle.run(lambda: self._publish(bank)),
            )
            if not report.waiting:
                self._rebuilt = bank.set_aside
            self._publish(bank)
            for level, line in tell(report):
                log.log(level, "%s", line)
            self._advise(report)

    def _advise(self, report: Report) -> None:
        """Log what could be better about the products that got photos."""
        new = {*report.added, *report.replaced}
        if new and self._gallery:
            named = zip(self._gallery.photos, self._gallery.products, strict=True)
            for advice in preflight(self._gallery, {product for photo, product in named if photo in new}):
                log.info("%s: %s", advice.product, advice.text)

    def _publish(self, bank: Bank) -> None:
        """Hand over the gallery if it has changed or somebody asked, unless it is rebuilt and a better one serves."""
        if self.ready.is_set() and bank.set_aside != self._rebuilt:
            return
        revision = bank.revision
        if revision != self._revision or self._hand_over.is_set():
            self._hand_over.clear()
            self._gallery = bank.gallery(self._embedder.card.id)
            self._on_gallery(self._gallery)
            self._revision = revision


class Throttle:
    """Runs something at most once a second, and for at most a tenth of the time."""

    def __init__(self) -> None:
        self._next = time.monotonic() + 1

    def run(self, work: Callable[[], None]) -> None:
        """Do some work, unless it is too early."""
        start = time.monotonic()
        if start >= self._next:
            work()
            took = time.monotonic() - start
            self._next = start + max(1.0, 10 * took)


def tell(report: Report) -> Iterator[tuple[int, str]]:
    """Given what a sync changed, return the lines that say so to a person, each with its level of `logging`."""
    lines = {
        "enrolled": report.added,
        "replaced": report.replaced,
        "renamed": tuple(f"{old} to {new}" for old, new in report.renamed),
        "removed": report.removed,
    }
    for verb, names in lines.items():
        if len(names) > NAMES:
            yield logging.INFO, f"{verb} {len(names)} photos"
        else:
            yield from ((logging.INFO, f"{verb} {name}") for name in names)
    for name, reason in report.refused.items():
        yield logging.WARNING, f"refused {name}: {reason}"
    for name, reason in report.ignored.items():
        yield logging.INFO, f"ignored {name}: {reason}"
