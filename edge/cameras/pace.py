"""Which frames of a camera or a video are taken: at most so many a second, evenly."""

EARLY = 0.25
"""Part of a gap between frames by which one may come early and is still taken."""


class Pace:
    """Which of the frames that come are taken: so many a second, evenly."""

    def __init__(self, fps: float, gap: float, start: float = 0.0) -> None:
        """Given the frames a second, take the first from `start` on. gap: seconds between the frames to choose from."""
        self._every, self._early, self._due = 1 / fps, EARLY * gap, start

    def takes(self, t: float) -> bool:
        """Whether the next frame, which came at t, is taken."""
        if t < self._due - self._early:
            return False
        self._due = max(self._due + self._every, t)
        return True
