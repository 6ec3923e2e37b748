"""Whether a disturbance of the picture, such as a lamp's flicker, lasts: by the median of its changes over pictures."""

from collections import deque

import numpy as np

from edge.isolation.settings import IsolationSettings


class Disturbance:
    """Follows how much pictures change in one way. active: whether they usually do."""

    def __init__(self, least: float, settings: IsolationSettings) -> None:
        """Given the change from which it counts, start with none; it ends below half of that."""
        self._least, self._settings = least, settings
        self._changes: deque[float] = deque(maxlen=settings.disturbed_pictures)
        self.active = False

    def rest(self) -> None:
        """Note a picture in which nothing differs."""
        self._changes.append(0.0)
        self.active = self.active and float(np.median(self._changes)) > 0

    def note(self, change: float, early: bool) -> None:
        """Note the change of a picture; early: whether it is one of the first, so that a few must do."""
        self._changes.append(change)
        least = self._least * (0.5 if self.active else 1)
        enough = self._settings.least_pictures if early else self._settings.disturbed_pictures
        self.active = len(self._changes) >= enough and float(np.median(self._changes)) > least
