import cv2
import numpy as np

from edge.pipeline.isolate import Isolator
from edge.pipeline.placement import GONE, REST
from edge.types import Frame

FPS = 10
HEIGHT, WIDTH = 240, 320


def table(seed: int = 0):
    rng = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(rng.normal(0, 40, (HEIGHT, WIDTH, 3)).astype(np.float32), (0, 0), 3)
    return np.clip(150 + grain, 0, 255).astype(np.uint8)


def bottle(image, x: int, colour=(30, 60, 200), y: int = 80, width: int = 30, height: int = 90):
    """Draw a bottle with a label."""
    image = image.copy()
    image[y : y + height, x : x + width] = colour
    image[y + 30 : y + 60, x : x + width] = 255 - np.array(colour)
    image[y + 40 : y + 50, x + 5 : x + width - 5] = (250, 240, 20)
    return image


class Watch:
    """Plays pictures to an isolator, with sensor noise, and writes down what it says."""

    def __init__(self, isolator=None, fps: float = FPS, sigma: float = 2.0):
        self.isolator, self.fps, self.sigma = isolator or Isolator(), fps, sigma
        self.frames = 0
        self.events, self.seen = [], []
        self.rng = np.random.default_rng(1)

    def play(self, picture, seconds: float):
        for _ in range(round(seconds * self.fps)):
            noisy = np.clip(picture + self.rng.normal(0, self.sigma, picture.shape), 0, 255).astype(np.uint8)
            t = self.frames / self.fps
            for change in self.isolator.step(Frame(noisy, self.frames, t)):
                (self.seen if change.kind == "seen" else self.events).append((t, change))
            self.frames += 1
        return self

    @property
    def kinds(self):
        return [(change.kind, change.track) for _, change in self.events]


def test_a_bottle_is_placed_seen_and_removed_under_one_number():
    watch = Watch().play(table(), 2).play(bottle(table(), 100), 5).play(table(), 2)
    assert watch.kinds == [("placed", 1), ("removed", 1)]
    (placed, change), (removed, _) = watch.events
    assert 2 + REST <= placed <= 2 + REST + 0.3 and 7 + GONE <= removed <= 7 + GONE + 0.3
    assert abs(change.box.x - 100) <= 6 and abs(change.box.width - 30) <= 12 and abs(change.box.height - 90) <= 12
    assert [t for t, _ in watch.seen] == [i / FPS for i in range(round(placed * FPS) + 1, 70)]


def test_what_stood_there_when_the_background_was_learned_leaves_no_ghost():
    watch = Watch().play(bottle(table(), 100), 3).play(table(), 4).play(bottle(table(), 100), 3)
    assert watch.kinds == [("placed", 1)]
    assert watch.events[0][0] > 7


def test_a_bottle_standing_at_a_restart_is_placed_anew():
    before = Watch().play(table(), 2).play(bottle(table(), 100), 3)
    after = Watch(Isolator.restore(before.isolator.state())).play(bottle(table(), 100), 3).play(table(), 2)
    assert after.kinds == [("placed", 1), ("removed", 1)]


def test_it_locates_what_stands_in_a_whole_frame():
    watch = Watch().play(table(), 2)
    boxes = watch.isolator.locate(bottle(bottle(table(), 40), 200, width=40))
    assert [abs(box.x - x) <= 6 for box, x in zip(boxes, (200, 40), strict=True)] == [True, True]
    assert watch.isolator.locate(table()) == [] and Isolator().locate(table()) == []
