"""Contact sheets: what the model saw of each image, with the answer under it, a page at a time."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from edge.images.lettering import AMBER, GREEN, GREY, write_text
from edge.images.writer import encode
from edge.recognition.batch import Identified
from edge.storage.files import write_atomic
from edge.types import Image, Match

COLUMNS, ROWS = 8, 10
TILE, LINE, GAP = 144, 18, 8
"""Pixels: the side of an image, the height of a line of text, the space between two images."""
LINES = 3
SIZE = 12
"""Of the letters, in pixels."""
QUALITY = 88
"""Of a JPEG: small enough to be sent, without a trace beside letters."""


class ContactSheets:
    """Puts answers on pages and writes each page when it is full, and the last one when closed.

    written: the paths of the pages. The second page of FILE.jpg is FILE-2.jpg.
    """

    def __init__(self, path: Path, rows: int = ROWS) -> None:
        """Given the path of the first page, a .jpg or .png, and the rows of a page, be ready."""
        self.written: list[Path] = []
        self._path, self._capacity = path, rows * COLUMNS
        self._page: list[Identified] = []

    def add(self, answer: Identified) -> None:
        """Put an answer on the page. Raise OSError if a full one cannot be written."""
        self._page.append(answer)
        if len(self._page) == self._capacity:
            self.close()

    def close(self) -> None:
        """Write the page that is not full yet. Raise OSError."""
        if self._page:
            stem = f"{self._path.stem}-{len(self.written) + 1}" if self.written else self._path.stem
            path = self._path.with_stem(stem)
            write_atomic(path, encode(sheet(self._page), path.suffix, QUALITY))
            self.written.append(path)
            self._page.clear()


def sheet(answers: Sequence[Identified]) -> Image:
    """Given at most COLUMNS * ROWS answers, return an RGB picture of them, row by row."""
    rows = -(-len(answers) // COLUMNS)
    step_x, step_y = TILE + GAP, TILE + LINES * LINE + GAP
    page: Image = np.full((GAP + rows * step_y, GAP + COLUMNS * step_x, 3), 255, np.uint8)
    for number, (file, crop, answer) in enumerate(answers):
        top, left = GAP + number // COLUMNS * step_y, GAP + number % COLUMNS * step_x
        tile = page[top : top + TILE, left : left + TILE]
        tile[:] = cv2.resize(crop, (TILE, TILE), interpolation=cv2.INTER_AREA) if isinstance(crop, np.ndarray) else 0
        colour = GREEN if answer and answer.product else AMBER
        texts = [(file.name, GREY), *((text, colour) for text in captions(answer))]
        for line, (text, ink) in enumerate(texts):
            at = top + TILE + line * LINE
            write_text(page[at : at + LINE, left : left + TILE], text, SIZE, ink)
    return page


def captions(answer: Match | None) -> list[str]:
    """Given the answer to an image, None where it cannot be used, return the lines under it."""
    if answer is None:
        return ["cannot be used"]
    if answer.product:
        return [answer.product, f"{answer.score:.3f}"]
    if not answer.candidates:
        return ["unknown", "nothing is enrolled"]
    return ["unknown", f"{answer.score:.3f} {answer.candidates[0].product}"]
