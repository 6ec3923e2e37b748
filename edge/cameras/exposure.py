"""When a camera's exposure and white balance are locked: once they have settled, until the light has changed too far.

Locked, because isolation compares each frame with those before: a camera that brightens the scene as a dark bottle
comes in changes all of it. Unlocked again where the picture stays nearly black or nearly white, as when a lock made at
night meets the morning; within those bounds the light may change as it likes, isolation knows light.

It goes by the values themselves: what says that they have settled (AeLocked, AeState) has changed between versions of
libcamera.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

STEADY = 1.0
"""Seconds for which the values have to stay as they are."""

SPREAD = 1.02
"""How far the largest value in that time may be above the smallest, as their ratio."""

LONGEST = 8.0
"""Seconds after which they are locked as they are, as under a lamp that flickers."""

DARK, BRIGHT = 20.0, 230.0
"""Mean levels of the picture, out of 255, beyond which a lock is given up."""

OTHER = 15.0
"""How far the mean level must be from that at the lock for it, too: a dark room stays dark."""

HELD = 5.0
"""Seconds that the picture must stay beyond, so that a hand over the lens changes nothing."""

Controls = dict[str, Any]

FREE: Controls = {"AeEnable": True, "AwbEnable": True, "ExposureTime": 0, "AnalogueGain": 0.0}
"""Controls that hand exposure and white balance back to the camera; older versions go by the zeros."""


class Exposure:
    """Follows a camera that was started with automatic exposure and white balance."""

    def __init__(self) -> None:
        """Wait for them to settle."""
        self.locked = False
        self._values: deque[tuple[float, tuple[float, ...]]] = deque()
        self._started: float | None = None
        self._level = 0.0
        self._beyond: float | None = None

    def step(self, metadata: Mapping[str, Any], level: float, t: float) -> Controls:
        """Given what the camera says of a frame, its mean level and its time, return the controls to set, or none."""
        return self._watch(level, t) if self.locked else self._settle(metadata, level, t)

    def _settle(self, metadata: Mapping[str, Any], level: float, t: float) -> Controls:
        self._started = t if self._started is None else self._started
        light = metadata["ExposureTime"] * metadata["AnalogueGain"]
        self._values.append((t, (light, *metadata.get("ColourGains", ()))))
        while len(self._values) > 1 and self._values[1][0] <= t - STEADY:
            self._values.popleft()
        steady = self._values[0][0] <= t - STEADY and all(
            max(of) <= SPREAD * min(of) for of in zip(*(values for _, values in self._values), strict=True)
        )
        if not steady and t - self._started < LONGEST:
            return {}
        self.locked, self._level = True, level
        self._values.clear()
        return {
            "AeEnable": False,
            "AwbEnable": False,
            **{name: metadata[name] for name in ("ExposureTime", "AnalogueGain", "ColourGains") if name in metadata},
        }

    def _watch(self, level: float, t: float) -> Controls:
        if DARK <= level <= BRIGHT or abs(level - self._level) < OTHER:
            self._beyond = None
            return {}
        self._beyond = t if self._beyond is None else self._beyond
        if t - self._beyond < HELD:
            return {}
        self.locked, self._started, self._beyond = False, None, None
        return dict(FREE)
