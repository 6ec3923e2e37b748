"""The empty scene: a wall with things on it, and a table before it."""

import cv2
import numpy as np

from edge.cameras.simulated.sprites import Floats
from edge.types import Image

FAR_EDGE = 0.5
"""Where the table ends and the wall begins, as a part of the picture's height."""

WALLS = ((168, 164, 156), (150, 164, 170), (172, 160, 138), (148, 158, 146), (160, 152, 160))
TABLES = ((158, 116, 78), (178, 146, 108), (120, 88, 64), (168, 160, 150), (138, 120, 104))


def draw_room(width: int, height: int, edge: int, rng: np.random.Generator) -> Image:
    """Given the picture's size and the row of the table's far edge, return the room, (height, width, 3)."""
    room: Floats = np.empty((height, width, 3), np.float32)
    room[:edge] = WALLS[rng.integers(len(WALLS))]
    _furnish(room[:edge], height, rng)
    room[:edge] = cv2.GaussianBlur(room[:edge], (0, 0), 0.0035 * height)  # it is a little out of focus
    room[:edge] *= 1 + 0.03 * _cloud((edge, width), height / 6, rng)[..., None]
    room[edge:] = TABLES[rng.integers(len(TABLES))]
    room[edge:] *= _grain(height - edge, width, height, rng)[..., None]
    lip = max(1, round(0.008 * height))
    room[edge : edge + lip] *= 1.12
    room[edge - 2 * lip : edge] *= np.linspace(1, 0.8, 2 * lip, dtype=np.float32)[:, None, None]
    across, down = np.linspace(-1, 1, width)[None], np.linspace(-1, 1, height)[:, None]
    bright = 1.04 - 0.1 * (across + 0.3) ** 2 - 0.1 * (down + 0.1) ** 2  # the lamp is at the upper left
    return np.asarray(np.clip(room * bright[..., None], 4, 250), np.uint8)


def _furnish(wall: Floats, height: int, rng: np.random.Generator) -> None:
    """Hang a picture, and a shelf with books."""
    rows, columns = wall.shape[:2]
    left = round(rng.uniform(0.05, 0.3) * columns)
    right, top, bottom = left + round(0.3 * height), round(0.12 * rows), round(0.66 * rows)
    cv2.rectangle(wall, (left, top), (right, bottom), (84, 66, 50), -1)
    inner = round(0.018 * height)
    cv2.rectangle(wall, (left + inner, top + inner), (right - inner, bottom - inner), (214, 206, 190), -1)
    view = wall[top + 2 * inner : bottom - 2 * inner, left + 2 * inner : right - 2 * inner]
    hills = view.shape[0] * (0.5 + 0.2 * np.sin(np.linspace(0, rng.uniform(3, 7), view.shape[1])))
    below = np.arange(view.shape[0])[:, None] > hills[None]
    view[:] = np.where(below[..., None], (108, 132, 96), (150, 178, 196))
    start, end = round(rng.uniform(0.55, 0.65) * columns), round(rng.uniform(0.85, 0.97) * columns)
    shelf = round(0.72 * rows)
    cv2.rectangle(wall, (start, shelf), (end, shelf + round(0.022 * height)), (110, 84, 60), -1)
    x = start + inner
    while x < end - 3 * inner:
        thick, tall = round(rng.uniform(0.02, 0.045) * height), round(rng.uniform(0.13, 0.22) * height)
        cv2.rectangle(wall, (x, shelf - tall), (x + thick, shelf - 1), rng.uniform(60, 170, 3).tolist(), -1)
        cv2.line(wall, (x, shelf - tall), (x, shelf - 1), (70, 64, 60), 1)
        x += thick + 1


def _grain(rows: int, columns: int, height: int, rng: np.random.Generator) -> Floats:
    """Wood, in boards that run from left to right and are broader the nearer they are."""
    cells = rng.normal(0, 1, (rows, max(2, columns // 24))).astype(np.float32)
    fine = cv2.GaussianBlur(cv2.resize(cells, (columns, rows), interpolation=cv2.INTER_CUBIC), (0, 0), 0.7)
    wood = 1 + 0.045 * fine + 0.05 * _cloud((rows, columns), height / 10, rng)
    board = np.floor(5 * (np.arange(rows) / rows) ** 0.7).astype(int)
    wood *= (1 + rng.uniform(-0.07, 0.07, 5))[board][:, None]
    wood[1:][np.diff(board) > 0] *= 0.72
    return np.asarray(wood, np.float32)


def _cloud(shape: tuple[int, int], size: float, rng: np.random.Generator) -> Floats:
    """Soft blotches of about so many pixels, within -1 and 1."""
    few = rng.uniform(-1, 1, (max(2, round(shape[0] / size)), max(2, round(shape[1] / size)))).astype(np.float32)
    return np.asarray(cv2.resize(few, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)
