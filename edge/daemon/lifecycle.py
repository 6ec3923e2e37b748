"""What the daemon does between two frames: signs of life, and a reload that a signal asked for."""

from collections.abc import Callable
from typing import Protocol

from edge.errors import InternalError


class Syncs(Protocol):
    """What the lifecycle needs of the thread that keeps the bank in step."""

    def is_alive(self) -> bool: ...
    def nudge(self) -> None: ...


class Notifies(Protocol):
    """What the duties need of the Notifier."""

    def ready(self) -> None: ...
    def alive(self) -> None: ...
    def reloading(self) -> None: ...


class Lifecycle:
    """To be called after each processed frame."""

    def __init__(self, keeper: Syncs, notifier: Notifies, reload: Callable[[], None]) -> None:
        """Given the keeper of the bank, what tells the service manager, and what reads the configuration again."""
        self._keeper, self._notifier, self._reload = keeper, notifier, reload
        self._ready = self._hung_up = False

    def hang_up(self, *_: object) -> None:
        """Reload after the next frame; may be called as a signal handler."""
        self._hung_up = True

    def __call__(self) -> None:
        """Say that it lives, the first time also that it is ready. Raise InternalError if the keeper has ended."""
        if not self._keeper.is_alive():
            raise InternalError(
                "the thread that keeps the bank has ended, the reason is above; start the service again"
            )
        if self._hung_up:
            self._hung_up = False
            self._notifier.reloading()
            self._reload()
            self._keeper.nudge()
            self._notifier.ready()
        elif not self._ready:
            self._ready = True
            self._notifier.ready()
        self._notifier.alive()
