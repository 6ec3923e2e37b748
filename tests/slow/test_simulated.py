"""Isolation in 200 simulated scenes with all that is no event, and in some under each disturbance: every event once.

FIRST and SCENES in the environment choose other scenes, such as `FIRST=400017 SCENES=1` for one that failed. Whoever
works on the pipeline uses scenes below 1000, so that these stay unseen.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

import cv2
import pytest

from edge.cameras.simulated import Disturbance, Score, SimulatedCamera, random_scene, score
from edge.isolation.isolator import Isolator
from edge.types import Event

FIRST = int(os.environ.get("FIRST", "400000"))
SCENES = int(os.environ.get("SCENES", "200"))
ACTIONS, FPS = 4, 10

UNDISTURBED = Disturbance()

Played = tuple[int, float, Score]


DISTURBED = int(os.environ.get("DISTURBED", "20"))
"""Scenes under each disturbance."""


def play(seed: int, disturbance: Disturbance = UNDISTURBED, fps: float = FPS, slower: float = 1) -> Played:
    """Given a scene's seed, return it with its length in seconds and what isolation made of it.

    slower: how many times slower it is played, so that frames are as much further apart.
    """
    cv2.setNumThreads(1)
    size = (640, 480) if seed % 4 == 0 else (320, 240)
    camera = SimulatedCamera(*size, fps, seed, partial(random_scene, actions=ACTIONS), disturbance)
    isolator, events, t = Isolator(), [], 0.0
    for frame in camera:
        t = frame.t
        for change in isolator.step(replace(frame, t=frame.t * slower)):
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("disturbance", "fps", "slower"),
    [
        (Disturbance(bands=0.1), FPS, 1),
        (Disturbance(flicker=0.15), FPS, 1),
        (Disturbance(night=(15, 30)), FPS, 1),
        (Disturbance(gloss=0.35), FPS, 1),
        (Disturbance(shake=1), FPS, 1),
        (UNDISTURBED, 2, 1),
        (UNDISTURBED, 2, 2),
        (UNDISTURBED, 2, 4),
    ],
    ids=["bands", "flicker", "night", "gloss", "shake", "2 fps", "1 fps", "half a frame per second"],
)
def test_each_event_once_under_each_disturbance(disturbance: Disturbance, fps: float, slower: float) -> None:
    deeds, wrong = 0, []
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        disturbed = partial(play, disturbance=disturbance, fps=fps, slower=slower)
        for seed, _, found in pool.map(disturbed, range(FIRST, FIRST + DISTURBED)):
            deeds += len(found.verdicts)
            wrong += [f"seed {seed}, {fault}" for fault in found.faults]
    print(f"\n{DISTURBED} scenes, {deeds} events, {len(wrong)} faults")
    assert not wrong, "\n".join(wrong)
