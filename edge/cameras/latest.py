"""The newest frame of a live camera: a slow consumer loses frames, not time."""

import threading
from collections.abc import Generator, Iterator

from edge.types import Frame

LEAVE = 1.0
"""Seconds given to a read in progress, at the end, before the camera is closed under it."""


def latest(frames: Iterator[Frame], patience: float = 0.5) -> Generator[Frame | None, None, None]:
    """Given a camera's frames, read them in a thread and yield the newest one not yet seen; the others are dropped.

    None is yielded after each `patience` seconds without a frame, so that the caller can look after other things.
    What the camera raises is raised here. Close the iterator to end the thread.
    """
    change = threading.Condition()
    waiting: Frame | None = None
    error: BaseException | None = None
    ended = closed = False

    def read() -> None:
        nonlocal waiting, error, ended
        try:
            for frame in frames:
                with change:
                    waiting = frame
                    change.notify()
                if closed:
                    return
        except BaseException as caught:
            error = caught
        with change:
            ended = True
            change.notify()

    def news() -> bool:
        return waiting is not None or ended

    reader = threading.Thread(target=read, name="camera", daemon=True)
    reader.start()
    try:
        while True:
            with change:
                change.wait_for(news, patience)
                frame, waiting = waiting, None
            if frame is None and ended:
                break
            yield frame
    finally:
        closed = True
        reader.join(LEAVE)
    if error:
        raise error
