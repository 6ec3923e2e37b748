"""What the daemon does between two frames: signs of life, and the reload that a signal asked for."""

from collections.abc import Callable
from typing import Protocol

from edge.errors import InternalError


class Syncs(Protocol):
    """What the lifecycle needs of the thread that keeps the bank in step."""

    def is_alive(self) -> bool: ...
    def nudge(self) -> None: ...


class Notifies(Protocol):
    """What the lifecycle needs of the notifier."""

    def status(self, text: str) -> None: ...
    def ready(self) -> None: ...
    def alive(self) -> None: ...
    def reloading(self) -> None: ...


class Lifecycle:
    """To be called after each processed frame."""

    def __init__(
        self,
        sync_thread: Syncs,
        notifier: Notifies,
        reload: Callable[[], None],
        trouble: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Given the thread, what notifies the service manager, and what reads the configuration again.

        trouble: returns what disturbs the picture, for the status, or None.
        """
        self._trouble, self._shown = trouble, trouble()
        self._sync_thread, self._notifier, self._reload = sync_thread, notifier, reload
        self._ready = self._reload_asked = False

    def ask_reload(self) -> None:
        """Reload after the next frame; may be called as a signal handler."""
        self._reload_asked = True

    def __call__(self) -> None:
        """Notify that it lives, the first time also that it is ready. Raise InternalError if the thread has ended."""
        if not self._sync_thread.is_alive():
            raise InternalError(
                "the thread that keeps the bank has ended, the reason is above; start the service again"
            )
        if self._reload_asked:
            self._reload_asked = False
            self._notifier.reloading()
            self._reload()
            self._sync_thread.nudge()
            self._notifier.ready()
        elif not self._ready:
            self._ready = True
            self._notifier.ready()
        if (trouble := self._trouble()) != self._shown:
            self._shown = trouble
            self._notifier.status(trouble or "the picture is steady again")
        self._notifier.alive()
