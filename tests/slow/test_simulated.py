"""Isolation in 200 simulated scenes with all that is no event: every event once, and none extra.

FIRST and SCENES in the environment choose other scenes, such as `FIRST=400017 SCENES=1` for one that failed. Whoever
works on the pipeline uses scenes below 1000, so that these stay unseen.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import cv2
import pytest

from edge.cameras.simulated import Score, SimulatedCamera, random_scene, score
from edge.isolation.isolator import Isolator
from edge.types import Event

FIRST = int(os.environ.get("FIRST", "400000"))
SCENES = int(os.environ.get("SCENES", "200"))
ACTIONS, FPS = 4, 10


def play(seed: int) -> tuple[int, float, Score]:
    """Given a scene's seed, return it with its length in seconds and what isolation made of it."""
    cv2.setNumThreads(1)
    size = (640, 480) if seed % 4 == 0 else (320, 240)
    camera = SimulatedCamera(*size, FPS, seed, partial(random_scene, actions=ACTIONS))
    isolator, events, t = Isolator(), [], 0.0
    for frame in camera:
        t = frame.t
        for change in isolator.step(frame):
            if change.kind in ("placed", "removed"):
                events.append(Event(change.kind, str(change.track), "", frame.t, frame.index, change.box))
    return seed, t, score(camera.truth, events, named=False)


@pytest.mark.slow
def test_each_event_once_and_no_other() -> None:
    deeds, seconds = 0, 0.0
    wrong: list[str] = []
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        for seed, t, found in pool.map(play, range(FIRST, FIRST + SCENES)):
            deeds, seconds = deeds + len(found.verdicts), seconds + t
            wrong += [f"seed {seed}, {fault}" for fault in found.faults]
            if seed % 20 == 0:
                print(f"\n{seed - FIRST + 1} scenes, {deeds} events, {len(wrong)} faults", end="", flush=True)
    print(f"\n{SCENES} scenes, {seconds / 60:.0f} minutes, {deeds} events, {len(wrong)} faults")
    assert not wrong, "\n".join(wrong)
    assert deeds > 3 * SCENES
