"""What happens in the scene: hands that bring, take, turn and pass; people, shadows, light and bumps.

An act is a plain function of time once it is made: `play` puts what it does at one moment on the stage.
"""

import math
from dataclasses import dataclass
from typing import Protocol

from edge.cameras.simulated.stage import Hand, Prop, Shade, Stage, Viewpoint, Walker


class Act(Protocol):
    """Something that goes on from start to end, in seconds."""

    @property
    def start(self) -> float: ...

    @property
    def end(self) -> float: ...

    def play(self, stage: Stage, t: float) -> None:
        """Given the time, at least start and at most end, do to the stage what is done by then."""


def eased(part: float) -> float:
    """From 0 to 1, slowly at both ends."""
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)


@dataclass(slots=True)
class Reach:
    """A hand comes to a place, does something with what stands there, and leaves.

    x, y: where the foot of the thing is or will be; with no prop, where the hand points. comes, stays, leaves: seconds.
    away: how far the hand is out of view at first. turn: radians; aside: how far it is pushed. settled: when all is at
    rest again, the end of another act perhaps.
    """

    start: float
    x: float
    y: float
    prop: Prop | None
    towards: int
    person: int
    away: float
    comes: float
    stays: float
    leaves: float
    brings: bool = False
    takes: bool = False
    turn: float = 0.0
    aside: float = 0.0
    settled: float = 0.0
    _side: float | None = None

    def __post_init__(self) -> None:
        self.settled = max(self.settled, self.end)

    @property
    def end(self) -> float:
        return self.start + self.comes + self.stays + self.leaves

    def play(self, stage: Stage, t: float) -> None:
        since = t - self.start
        coming = eased(since / self.comes)
        leaving = eased((since - self.comes - self.stays) / self.leaves)
        worked = eased((since - self.comes) / self.stays)
        out = max(1 - coming, leaving) * self.away
        right = -math.cos(math.radians(self.towards)) * out + self.aside * worked
        down = -math.sin(math.radians(self.towards)) * out
        carries = (self.brings and worked < 0.5) or (self.takes and worked >= 0.5)
        arc = 0.06 * math.sin(math.pi * min(1.0, out / self.away * 1.5)) if carries else 0.0
        if self.prop:
            self._move(stage, self.prop, carries, (right, down - arc), worked)
            if self.takes and t >= self.end:
                stage.props.remove(self.prop)
        if t < self.end:
            grip = 0.55 * self.prop.product.height if self.prop else 0.0
            shiver = 0.002 * math.sin(9 * t)
            holds = self.prop if self.prop and out < 0.12 * self.away or carries else None
            stage.hands.append(
                Hand(self.x + right + shiver, self.y + down - arc - grip, self.towards, self.person, holds)
            )

    def _move(self, stage: Stage, prop: Prop, carries: bool, off: tuple[float, float], worked: float) -> None:
        if self.brings and prop not in stage.props:
            stage.props.append(prop)
        if self._side is None:
            self._side = prop.side
        prop.side = self._side + self.turn * worked
        at_rest = not (self.brings or self.takes) or not carries
        prop.x = self.x + (self.aside * worked if at_rest else off[0])
        prop.y = self.y if at_rest else self.y + max(0.0, off[1])
        prop.lift = 0.0 if at_rest else max(0.0, -off[1])


@dataclass(slots=True)
class Walk:
    """Somebody walks past behind the table, from before x `first` to beyond `last`, and may pause half way."""

    start: float
    seconds: float
    pause: float
    first: float
    last: float
    person: int

    @property
    def end(self) -> float:
        return self.start + self.seconds + self.pause

    def play(self, stage: Stage, t: float) -> None:
        since, half = t - self.start, self.seconds / 2
        walked = since if since < half else max(half, since - self.pause)
        pausing = half < since < half + self.pause
        sway = 0.006 * math.sin(4 * t) if pausing else 0.0
        x = self.first + (self.last - self.first) * walked / self.seconds + sway
        if t < self.end:
            stage.walkers.append(Walker(x, self.person, 0 if pausing else int(3 * walked) % 4))


@dataclass(slots=True)
class Pass:
    """The shadow of somebody out of view passes over everything."""

    start: float
    seconds: float
    first: Shade
    last: float

    @property
    def end(self) -> float:
        return self.start + self.seconds

    def play(self, stage: Stage, t: float) -> None:
        x = self.first.x + (self.last - self.first.x) * (t - self.start) / self.seconds
        if t < self.end:
            stage.shades.append(self.first._replace(x=x))


@dataclass(slots=True)
class Relight:
    """Light is switched, or exposure steps: to these gains of red, green and blue, and this lean of the light."""

    start: float
    seconds: float
    light: tuple[float, float, float]
    lamp: float = 0.0
    _before: tuple[tuple[float, float, float], float] | None = None

    @property
    def end(self) -> float:
        return self.start + self.seconds

    def play(self, stage: Stage, t: float) -> None:
        if self._before is None:
            self._before = stage.light, stage.lamp
        (red, green, blue), lamp = self._before
        part = eased((t - self.start) / self.seconds)
        now = self.light
        stage.light = red + part * (now[0] - red), green + part * (now[1] - green), blue + part * (now[2] - blue)
        stage.lamp = lamp + part * (self.lamp - lamp)


@dataclass(slots=True)
class Bump:
    """Somebody knocks against the camera: it shakes, and looks elsewhere afterwards."""

    start: float
    seconds: float
    view: Viewpoint
    _before: Viewpoint | None = None

    @property
    def end(self) -> float:
        return self.start + self.seconds

    def play(self, stage: Stage, t: float) -> None:
        if self._before is None:
            self._before = stage.view
        part = (t - self.start) / self.seconds
        if t >= self.end:
            stage.view = self.view
            return
        shake = 0.012 * (1 - part) * math.sin(40 * t)
        moved = (before + eased(2 * part) * (new - before) for before, new in zip(self._before, self.view, strict=True))
        right, down, degrees = moved
        stage.view = Viewpoint(right + shake, down - 0.7 * shake, degrees)
