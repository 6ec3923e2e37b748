"""Isolation on real video: exactly what happens, played in seven ways, and nothing where people only walk through."""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from edge.isolation.isolator import Isolator
from edge.types import Change, Frame, Image

VIDEO = Path(__file__).resolve().parents[3] / "shared" / "data" / "video"
SLOTS = {"left": (20, 120), "middle": (285, 350), "right": (500, 580)}
"""Where the bottles of table-a.mp4 stand, in columns of its 640."""

DUE = 45
"""Frames, 1.5 s, after the hand has let go."""

RNG = np.random.default_rng(6)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not VIDEO.is_dir(), reason="no ../shared/data/video beside the repository"),
]

Alter = Callable[[Image], Image]


def same(image: Image) -> Image:
    return image


def darker(image: Image) -> Image:
    return (image * 0.85).astype(np.uint8)


def noisy(image: Image) -> Image:
    return np.clip(image + RNG.normal(0, 6, image.shape), 0, 255).astype(np.uint8)


def large(image: Image) -> Image:
    return cv2.resize(image, (1280, 720))


def mirrored(image: Image) -> Image:
    return np.ascontiguousarray(image[:, ::-1])


def frames(name: str, every: int, alter: Alter) -> Iterator[tuple[int, Frame]]:
    """Every so manieth frame of a video, with its number there and its time."""
    video = cv2.VideoCapture(str(VIDEO / name))
    fps, number = video.get(cv2.CAP_PROP_FPS), 0
    while True:
        ok, picture = video.read()
        if not ok:
            return
        if number % every == 0:
            yield number, Frame(alter(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)), number // every, number / fps)
        number += 1


def events(name: str, every: int = 1, alter: Alter = same) -> list[tuple[int, Change]]:
    isolator = Isolator()
    changes = [(number, change) for number, frame in frames(name, every, alter) for change in isolator.step(frame)]
    return [(number, change) for number, change in changes if change.kind in ("placed", "removed")]


@pytest.mark.parametrize(
    ("every", "alter"),
    [(1, same), (2, same), (3, same), (1, mirrored), (1, darker), (1, noisy), (1, large)],
    ids=["native", "15 fps", "10 fps", "mirrored", "darker", "noise", "1280x720"],
)
def test_a_table_gives_each_event_in_its_slot_and_time_and_no_other(every, alter):
    due = yaml.safe_load((VIDEO / "table-a.events.yaml").read_text())
    found = events("table-a.mp4", every, alter)
    for number, change in found:
        middle = (change.box.x + change.box.width / 2) / (2 if alter is large else 1)
        middle = 640 - middle if alter is mirrored else middle
        match = [
            event
            for event in due
            if event["event"] == change.kind
            and event["from"] <= number <= event["until"] + DUE
            and SLOTS[event["slot"]][0] <= middle <= SLOTS[event["slot"]][1]
        ]
        assert match, f"frame {number}: {change} did not happen"
        due.remove(match[0])
    assert due == []


@pytest.mark.parametrize("alter", [same, mirrored, darker, noisy, large])
def test_people_who_walk_through_and_stand_place_nothing(alter):
    assert events("people.mp4", alter=alter) == []
