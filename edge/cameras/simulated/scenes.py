"""What happens when: a scene for the demonstration, and scenes by chance.

The rules of a fair scene: nothing at the border of the picture; objects apart from each other; they rest for some
seconds; hands come in from outside and leave; where one thing is swapped for another, the place is bare for a moment.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import NamedTuple

import numpy as np

from edge.cameras.simulated.actions import Act, Bump, Pass, Reach, Relight, Walk
from edge.cameras.simulated.products import CATALOGUE, Product
from edge.cameras.simulated.stage import Prop, Shade, Viewpoint

SLOTS = (0.16, 0.385, 0.615, 0.84)
"""Columns in which things stand, as parts of the picture's width."""

BARE = 0.7
"""Seconds for which the place of what is swapped is bare."""


class Script(NamedTuple):
    """What stands there from the start, and what happens, in the order in which it starts."""

    props: list[Prop]
    acts: Iterator[Act]


Scene = Callable[[float, np.random.Generator], Script]
"""Given the picture's width over its height and the chance, a script."""


class _Director:
    """Plans acts one after another, ahead of when they are played.

    t: seconds at which the next one may start. slots: what will stand in each by then. places: where its foot will be.
    first: what stands there from the start, which a camera cannot tell from the table until it is taken away.
    """

    def __init__(self, aspect: float, rng: np.random.Generator, start: float = 3.0) -> None:
        self.aspect, self.rng, self.t = aspect, rng, start
        self.slots: dict[int, Prop] = {}
        self.places: dict[int, tuple[float, float]] = {}
        self.first: tuple[Prop, ...] = ()
        self.dark = False

    def stand(self, slot: int, product: Product) -> Prop:
        """Let a product stand in a slot from now on."""
        x = self.aspect * SLOTS[slot] + self.rng.uniform(-0.015, 0.015)
        prop = Prop(product, x, self.rng.uniform(0.82, 0.9), self.rng.uniform(-0.4, 0.4))
        self.slots[slot], self.places[slot] = prop, (prop.x, prop.y)
        return prop

    def reach(
        self,
        slot: int,
        prop: Prop | None,
        start: float,
        stays: float | None = None,
        brings: bool = False,
        takes: bool = False,
        turn: float = 0.0,
        aside: float = 0.0,
    ) -> Reach:
        """A hand for one slot, from the side that is nearer, from above or from below; see `Reach`."""
        rng = self.rng
        middle = (180 if slot >= 2 else 0, 90, 90, 270)[rng.integers(4)]
        towards = middle + 10 * int(rng.integers(-2, 3))
        x, y = self.places[slot] if prop else (self.aspect * SLOTS[slot], rng.uniform(0.45, 0.75))
        comes, grips, leaves = rng.uniform(0.9, 1.5), rng.uniform(0.4, 0.9), rng.uniform(0.8, 1.3)
        seconds = comes, stays or grips, leaves
        away = _away(x, y - (0.55 * prop.product.height if prop else 0), towards, self.aspect)
        person = int(rng.integers(4))
        return Reach(start, x, y, prop, towards, person, away, *seconds, brings, takes, turn, aside)

    def place(self, slot: int, product: Product, start: float) -> Reach:
        return self.reach(slot, self.stand(slot, product), start, brings=True)

    def take(self, slot: int, start: float) -> Reach:
        return self.reach(slot, self.slots.pop(slot), start, takes=True)

    def swap(self, slot: int, product: Product) -> list[Reach]:
        """Take one thing away and bring another to its place."""
        place = self.places[slot]
        taken = self.take(slot, self.t)
        new = self.stand(slot, product)
        new.x, new.y = self.places[slot] = place
        brought = self.reach(slot, new, taken.end, brings=True)
        gone, near = 0.35 * taken.leaves, 0.6 * brought.comes  # when the one has left the place, when the other is near
        brought.start += max(gone + BARE - near, 0) - taken.leaves
        brought.settled = taken.settled = max(taken.end, brought.end)
        return [taken, brought]

    def turn(self, slot: int) -> Reach:
        """Turn what stands there, and push it a little aside."""
        turn, x = self.rng.choice([-1, 1]) * self.rng.uniform(0.5, 2.2), self.places[slot][0]
        new = self.aspect * SLOTS[slot] + self.rng.uniform(-0.015, 0.015)
        stays = self.rng.uniform(0.8, 1.4)
        reach = self.reach(slot, self.slots[slot], self.t, turn=turn, aside=new - x, stays=stays)
        self.places[slot] = new, self.places[slot][1]
        return reach

    def hover(self) -> Reach:
        """A hand that does nothing."""
        return self.reach(int(self.rng.integers(4)), None, self.t, stays=self.rng.uniform(0.2, 2.0))

    def walk(self) -> Walk:
        ends = (-0.3, self.aspect + 0.3)
        first, last = ends if self.rng.random() < 0.5 else ends[::-1]
        pause = self.rng.choice([0.0, 0.0, self.rng.uniform(0.5, 2.5)])
        return Walk(self.t, self.rng.uniform(2.5, 5), pause, first, last, int(self.rng.integers(4)))

    def shade(self) -> Pass:
        half, lean, soft = self.rng.uniform(0.1, 0.35), self.rng.uniform(-0.3, 0.3), self.rng.uniform(0.03, 0.3)
        ends = (-0.8, self.aspect + 0.8)
        first, last = ends if self.rng.random() < 0.5 else ends[::-1]
        return Pass(self.t, self.rng.uniform(1.5, 4), Shade(first, half, lean, soft, self.rng.uniform(0.2, 0.5)), last)

    def relight(self) -> Relight:
        """Switch a light off or on, or back; or step the exposure."""
        self.dark, level = not self.dark, self.rng.choice([0.6, 0.72, 0.85, 1.2, 1.3])
        tint = self.rng.uniform(-0.05, 0.05)
        light = (level * (1 + tint), level, level * (1 - tint)) if self.dark else (1.0, 1.0, 1.0)
        lamp = self.rng.choice([0.0, self.rng.uniform(-0.35, 0.35)]) if self.dark else 0.0
        return Relight(self.t, self.rng.choice([0.05, 0.4]), light, lamp)

    def bump(self) -> Bump:
        right, down = self.rng.uniform(-0.035, 0.035, 2)
        return Bump(self.t, self.rng.uniform(0.3, 0.7), Viewpoint(right, down, self.rng.uniform(-0.5, 0.5)))

    def rest(self, acts: Sequence[Act], least: float, most: float) -> None:
        """Let all come to rest, and then nothing start for some seconds."""
        ends = [act.settled if isinstance(act, Reach) else act.end for act in acts]
        self.t = max(ends) + self.rng.uniform(least, most)


def _away(x: float, y: float, towards: int, aspect: float) -> float:
    """How far back along its direction a hand at (x, y) must be for all that it holds to be out of view."""
    back = -math.cos(math.radians(towards)), -math.sin(math.radians(towards))
    return next(
        far
        for far in (step / 20 for step in count(1))
        if not (-0.2 < x + far * back[0] < aspect + 0.2 and -0.4 < y + far * back[1] < 1.45)
    )


def random_scene(aspect: float, rng: np.random.Generator, actions: int | None = None) -> Script:
    """Things are put down, turned, swapped and taken away, between all that is no event; without end, or so often."""
    director = _Director(aspect, rng, start=rng.uniform(2.5, 4.5))
    props = []
    for slot in rng.permutation(4)[: rng.choice([0, 0, 1, 2])]:
        props.append(director.stand(int(slot), _other(director)))
    director.first = tuple(props)
    return Script(props, _chances(director, actions))


def _other(director: _Director) -> Product:
    """A product that does not stand there yet."""
    there = {prop.product.name for prop in director.slots.values()}
    absent = [product for product in CATALOGUE if product.name not in there]
    return absent[int(director.rng.integers(len(absent)))]


def _chances(director: _Director, actions: int | None) -> Iterator[Act]:
    rng = director.rng
    for _ in count() if actions is None else range(actions):
        acts: list[Act] = [*_deed(director)]
        if rng.random() < 0.3:
            acts.append(director.walk() if rng.random() < 0.5 else director.shade())
            settled = max(act.settled if isinstance(act, Reach) else act.end for act in acts)
            for act in acts:
                if isinstance(act, Reach):
                    act.settled = settled
        director.rest(acts, 2.5, 4.5)
        yield from sorted(acts, key=lambda act: act.start)
        if rng.random() < 0.6:
            choice = director.hover, director.walk, director.shade, director.relight, director.bump
            idle: Act = choice[rng.integers(len(choice))]()
            director.rest([idle], 2.5, 3.5)
            yield idle


def _deed(director: _Director) -> list[Reach]:
    """One thing that hands do, chosen from what can be done now."""
    rng = director.rng
    free = [slot for slot in range(len(SLOTS)) if slot not in director.slots]
    taken = list(director.slots)
    watched = [slot for slot in taken if director.slots[slot] not in director.first]
    chance = rng.random()
    if free and (not taken or chance < 0.35):
        return [director.place(int(rng.choice(free)), _other(director), director.t)]
    if len(free) >= 2 and chance < 0.5:
        left, right = sorted(int(slot) for slot in rng.choice(free, 2, replace=False))
        later = director.t + rng.uniform(0, 0.4)
        both = [director.place(left, _other(director), director.t), director.place(right, _other(director), later)]
        for reach in both:
            reach.settled = max(other.end for other in both)
        return both
    if watched and chance < 0.65:
        return director.swap(int(rng.choice(watched)), _other(director))
    if watched and chance < 0.78:
        return [director.turn(int(rng.choice(watched)))]
    return [director.take(int(rng.choice(taken)), director.t)]


def demo_scene(aspect: float, rng: np.random.Generator) -> Script:
    """A little more than a minute in which each thing happens that can: what the demonstration shows."""
    return Script([], _demo(_Director(aspect, rng)))


def _demo(director: _Director) -> Iterator[Act]:
    known = {product.name: product for product in CATALOGUE}

    def then(*acts: Act) -> Sequence[Act]:
        director.rest(acts, 2.5, 3.0)
        return sorted(acts, key=lambda act: act.start)

    yield from then(director.place(1, known["cola"], director.t))
    yield from then(director.reach(2, None, director.t, stays=0.8))
    yield from then(director.place(3, known["tomato-soup"], director.t))
    yield from then(director.shade())
    yield from then(director.place(0, known["mustard"], director.t))
    yield from then(director.turn(1))
    yield from then(Relight(director.t, 0.3, (0.76, 0.74, 0.7), 0.15))
    yield from then(*director.swap(3, known["honey"]))
    yield from then(director.take(0, director.t), director.walk())
    both = [director.place(0, known["spring-water"], director.t), director.place(2, known["volt"], director.t + 0.3)]
    both[0].settled = both[1].settled = max(reach.end for reach in both)
    yield from then(*both)
    yield from then(Relight(director.t, 0.1, (1.0, 1.0, 1.0)), Bump(director.t + 2, 0.5, Viewpoint(0.015, -0.01, 0.2)))
    yield from then(director.take(1, director.t))
    yield from then(director.place(1, known["orange-juice"], director.t))
