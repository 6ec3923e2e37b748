"""Notices changes in the enrollment folder: inotify, and a look every second where it cannot be had.

What arrives is not what one would think. scp and sftp write the final name, rsync a dot-name that it renames, a hard
link gives CREATE and nothing else, and the first files of a new folder come before it can be watched. So an event only
says that it is time to look; the look itself (`enroll.sync`) compares the whole folder. See inotify(7).

A file that is open for writing is `busy` from its CREATE or MODIFY to its CLOSE_WRITE. Limit: a writer that stalls for
a minute is taken to be gone; what it wrote is then looked at, and a cut picture refused until it is complete.
"""

import logging
import os
import select
import stat
import time
from collections.abc import Callable
from pathlib import Path

from edge.bank.inotify import (
    ATTRIB,
    CLOSE_WRITE,
    CREATE,
    DELETE,
    DELETE_SELF,
    IGNORED,
    ISDIR,
    MODIFY,
    MOVE_SELF,
    MOVED_FROM,
    MOVED_TO,
    OVERFLOW,
    UNMOUNT,
    Inotify,
    Raw,
)

log = logging.getLogger(__name__)

QUIET = 0.3
"""Seconds without another event after which a change is told."""
LONGEST = 1.0
"""Seconds after which a change is told even while others follow."""
POLL = 1.0
"""Seconds between looks where inotify cannot be had, and until a lost folder is back."""
STALLED = 60.0
"""Seconds after which a file that is open for writing, but not written, is no longer busy."""


class Debounce:
    """When to tell of a change: once it is quiet, or after a while though it is not."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._last = 0.0

    def touch(self, now: float) -> None:
        """Given the time of a change, in seconds, note it."""
        self._first = now if self._first is None else self._first
        self._last = now

    @property
    def due(self) -> float | None:
        """When the changes so far are to be told; None if there are none."""
        return None if self._first is None else min(self._last + QUIET, self._first + LONGEST)

    def clear(self) -> None:
        """Forget the changes: they have been told."""
        self._first = None


class Watcher:
    """Tells that something changed in the folder or in the folders within it, one level deep.

    To be used from one thread, but for `wake`. clock: seconds, monotonic.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder = folder
        self._clock = clock
        self._changes = Debounce()
        self._writing: dict[Path, float] = {}
        self._watches: dict[int, Path] = {}
        self._waker = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._inotify: Inotify | None = None
        try:
            self._inotify = Inotify()
            self._watch_all()
        except OSError as error:
            self._fall_back(error)

    @property
    def polling(self) -> bool:
        """Whether inotify cannot be had, and every second counts as a change."""
        return self._inotify is None

    def wait(self, timeout: float) -> bool:
        """Wait until something has changed and is quiet again, or has changed for a second; return True then.

        False after `timeout` seconds without, or when woken.
        """
        deadline = self._clock() + timeout
        while True:
            if self._inotify:
                self._read(self._inotify)
            now = self._clock()
            due = self._changes.due
            if due is not None and due <= now:
                self._changes.clear()
                self._writing = {path: last for path, last in self._writing.items() if now - last < STALLED}
                return True
            if now >= deadline:
                return False
            lost = not self._watches
            until = min(deadline, now + POLL if lost else deadline, deadline if due is None else due)
            files = [self._waker] if self._inotify is None else [self._waker, self._inotify.fd]
            ready, _, _ = select.select(files, [], [], max(0.0, until - now))
            if self._waker in ready:
                os.eventfd_read(self._waker)
                return False
            if lost and not ready and self._clock() >= now + POLL:
                self._look_again()

    def wake(self) -> None:
        """End a wait at once; from any thread."""
        os.eventfd_write(self._waker, 1)

    def busy(self, path: Path) -> bool:
        """Whether a file is open for writing, as far as is known."""
        last = self._writing.get(path)
        return last is not None and self._clock() - last < STALLED

    def close(self) -> None:
        """Watch no longer."""
        if self._inotify:
            self._inotify.close()
            self._inotify = None
        os.close(self._waker)

    def _look_again(self) -> None:
        """Without a watch: take the folder to have changed, or watch it if it is back."""
        if self._inotify is None:
            self._changes.touch(self._clock() - QUIET)
            return
        try:
            self._watch_all()
        except OSError as error:
            self._fall_back(error)

    def _watch_all(self) -> None:
        """Watch the folder, if it is there, and all within it. Raise OSError if the system has no more watches."""
        self._writing.clear()
        try:
            self._watch(self.folder)
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if entry.is_dir() and not entry.name.startswith("."):
                        self._watch(Path(entry.path))
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            pass  # an unreadable folder is named by the next sync
        if self._watches:
            self._changes.touch(self._clock())

    def _watch(self, path: Path) -> None:
        assert self._inotify
        self._watches[self._inotify.add(path)] = path

    def _fall_back(self, error: OSError) -> None:
        log.warning("%s: inotify cannot be had (%s); looking every second instead", self.folder, error.strerror)
        if self._inotify:
            self._inotify.close()
        self._inotify = None
        self._watches.clear()
        self._writing.clear()

    def _read(self, inotify: Inotify) -> None:
        try:
            for event in inotify.read():
                self._note(inotify, event)
        except OSError as error:
            self._fall_back(error)

    def _note(self, inotify: Inotify, event: Raw) -> None:
        folder = self._watches.get(event.watch)
        if event.mask & OVERFLOW:
            self._watch_all()
        elif folder is None or event.name.startswith("."):
            return
        elif event.mask & IGNORED:
            del self._watches[event.watch]
        elif event.mask & (DELETE_SELF | MOVE_SELF | UNMOUNT) and folder == self.folder:
            for watch in self._watches:
                inotify.remove(watch)
            self._watches.clear()
            self._changes.touch(self._clock())
        elif event.mask & ISDIR and event.name:
            self._note_folder(inotify, folder, event)
        else:
            self._note_file(folder / event.name, event.mask)

    def _note_folder(self, inotify: Inotify, parent: Path, event: Raw) -> None:
        """A folder came, went, or may have become readable."""
        path = parent / event.name
        if event.mask & MOVED_FROM:
            for watch in [watch for watch, watched in self._watches.items() if watched == path]:
                inotify.remove(watch)
                del self._watches[watch]
        elif event.mask & (CREATE | MOVED_TO | ATTRIB) and parent == self.folder:
            try:
                self._watch(path)
            except (FileNotFoundError, NotADirectoryError, PermissionError):
                pass
        self._changes.touch(self._clock())

    def _note_file(self, path: Path, mask: int) -> None:
        now = self._clock()
        if mask & MODIFY or (mask & CREATE and _has_writer(path)):
            self._writing[path] = now
            return
        if mask & (CLOSE_WRITE | MOVED_FROM | DELETE | MOVED_TO):
            self._writing.pop(path, None)
        self._changes.touch(now)


def _has_writer(path: Path) -> bool:
    """Whether a new name is a file just opened for writing, and no link: CLOSE_WRITE will follow."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1
