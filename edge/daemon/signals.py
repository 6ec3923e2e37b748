"""The signals of the service: SIGTERM and Ctrl-C stop it, SIGHUP reloads its configuration."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def handled(stop: Callable[[], None], reload: Callable[[], None]) -> Iterator[None]:
    """While this lasts, signals call these; a second Ctrl-C raises KeyboardInterrupt. Main thread only.

    Where Ctrl-C is ignored, as in a script's background, it stays so.
    """

    def on_stop(number: int, frame: FrameType | None) -> None:
        stop()
        if number == signal.SIGINT:
            signal.signal(number, signal.default_int_handler)

    def on_reload(number: int, frame: FrameType | None) -> None:
        reload()

    handlers = {signal.SIGTERM: on_stop, signal.SIGHUP: on_reload}
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        handlers[signal.SIGINT] = on_stop
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
