"""Pictures of a table for tests of isolation, (240, 320, 3) uint8, and a player that gives them noise and a clock."""

from collections.abc import Callable

import cv2
import numpy as np

from edge.isolation.isolator import Isolator
from edge.types import Change, Frame, Image

HEIGHT, WIDTH = 240, 320
FPS = 10
STANDS = [("placed", 1)]
COMES_AND_GOES = [("placed", 1), ("removed", 1)]


def near(box, x: int, y: int, width: int, height: int, by: int = 6) -> bool:
    return all(abs(a - b) <= by for a, b in zip(box, (x, y, width, height), strict=True))


def table(seed: int = 0) -> Image:
    """A wall and a table with some grain."""
    grain = np.random.default_rng(seed).normal(0, 40, (HEIGHT, WIDTH, 1)).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), 3)[..., None]
    plain = np.where(np.arange(HEIGHT)[:, None, None] < 110, (150.0, 150.0, 160.0), (170.0, 140.0, 110.0))
    return np.clip(plain + grain, 0, 255).astype(np.uint8)


def bottle(image: Image, x: int, colour=(30, 60, 200), y: int = 80, width: int = 30, height: int = 90, turn=0) -> Image:
    """A bottle with a label that has a mark on it, which turns."""
    image = image.copy()
    image[y : y + height, x : x + width] = colour
    image[y + height // 3 : y + 2 * height // 3, x : x + width] = 255 - np.array(colour)
    mark = x + (width // 6 + turn) % (width - width // 3)
    image[y + height // 2 - 8 : y + height // 2 + 8, mark : mark + width // 3] = (250, 240, 20)
    return image


def hand(image: Image, x: int, y: int) -> Image:
    """An arm that comes from the top border; its fingertips are at (x, y)."""
    image = image.copy()
    cv2.line(image, (x + 60, -40), (x, y - 14), (90, 30, 40), 36)
    cv2.line(image, (x + 12, y - 50), (x, y - 14), (205, 150, 120), 28)
    return image


def shadow(image: Image, x: int, depth: float = 0.35, soft: float = 12.0, width: int = 80) -> Image:
    """A band of shadow across the picture."""
    edge = np.abs(np.arange(WIDTH, dtype=np.float32) - x) - width / 2
    gain = 1 - depth / (1 + np.exp(np.clip(edge / max(soft, 0.1), -50, 50)))
    return (image * gain[None, :, None]).astype(np.uint8)


def lit(image: Image, gain, gamma: float = 1.0) -> Image:
    """The picture under another light, or another exposure with another tone curve."""
    return np.clip(255 * (image * np.asarray(gain) / 255) ** gamma, 0, 255).astype(np.uint8)


def bumped(image: Image, across: float, down: float, degrees: float = 0.0) -> Image:
    """The picture of a camera that was moved."""
    warp = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, 1)
    warp[:, 2] += across, down
    return cv2.warpAffine(image, warp, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)


class Watch:
    """Plays pictures to an isolator, with sensor noise, and writes down what it says."""

    def __init__(self, isolator: Isolator | None = None, fps: float = FPS, sigma: float = 2.0):
        self.isolator, self.fps = isolator or Isolator(), fps
        self.frames = 0
        self.events: list[tuple[float, Change]] = []
        self.seen: list[tuple[float, Change]] = []
        self.changed: list[tuple[float, Change]] = []
        rng = np.random.default_rng(1)
        self.noise = [rng.normal(0, sigma, (HEIGHT, WIDTH, 3)).astype(np.int16) for _ in range(7)]

    @property
    def t(self) -> float:
        """The time of the next frame."""
        return self.frames / self.fps

    def play(self, picture: Image | Callable[[float], Image], seconds: float) -> "Watch":
        """Play one picture, or what a function of the part that is over, in [0, 1), gives."""
        count = round(seconds * self.fps)
        for i in range(count):
            image = picture(i / count) if callable(picture) else picture
            noise = self.noise[self.frames % 7][: image.shape[0], : image.shape[1]]
            noisy = cv2.add(image, noise, dtype=cv2.CV_8U)
            for change in self.isolator.step(Frame(noisy, self.frames, self.t)):
                {"seen": self.seen, "changed": self.changed}.get(change.kind, self.events).append((self.t, change))
            self.frames += 1
        return self

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """What happened, with the track's number, without what was merely seen."""
        return [(change.kind, change.track) for _, change in self.events]
