"""Contact sheets: what the model saw of each image, with the answer under it, a page at a time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from edge.errors import StoreError
from edge.images.writer import SUFFIXES, encode
from edge.recognition.batch import Identified
from edge.storage.files import write_atomic
from edge.types import Image, Match

COLUMNS, ROWS = 8, 10
TILE, TEXT, GAP = 144, 40, 8
QUALITY = 88
"""Of a JPEG: small enough to be sent, without a trace beside letters."""
INK, GREY, GREEN, AMBER = (34, 34, 34), (130, 130, 130), (22, 128, 60), (180, 110, 0)


@contextmanager
def sheets(path: Path | None) -> Iterator[Callable[[Identified], None]]:
    """Given the path of the first page, yield what puts an answer on the sheets; without a path it does nothing.

    A page is written when it is full, and the last one when this ends; the second page of FILE.jpg is FILE-2.jpg.
    Raise StoreError, at once, if there is no such folder or kind of file, OSError if a page cannot be written.
    """
    if path:
        check(path, "--sheet")
    page: list[Identified] = []
    pages = 0

    def write() -> None:
        nonlocal pages
        if path and page:
            pages += 1
            save(path if pages == 1 else path.with_stem(f"{path.stem}-{pages}"), sheet(page))
            page.clear()

    def draw(each: Identified) -> None:
        if path:
            page.append(each)
            if len(page) == COLUMNS * ROWS:
                write()

    try:
        yield draw
    finally:
        write()


def check(path: Path, option: str) -> None:
    """Given where a picture is to be written and the option that says so, raise StoreError if it cannot be there."""
    if path.suffix.lower() not in SUFFIXES:
        raise StoreError(f"{path}: expected a name that ends in .jpg or .png; give {option} another")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: no such folder; give {option} another")


def save(path: Path, picture: Image) -> None:
    """Given a path and an RGB picture, write it. Raise OSError if that cannot be."""
    write_atomic(path, encode(picture, path.suffix, QUALITY))


def sheet(answers: Sequence[Identified]) -> Image:
    """Given at most COLUMNS * ROWS answers, return an RGB picture of them, row by row."""
    rows = -(-len(answers) // COLUMNS)
    step_x, step_y = TILE + GAP, TILE + TEXT + GAP
    page: Image = np.full((GAP + rows * step_y, GAP + COLUMNS * step_x, 3), 255, np.uint8)
    for number, (file, crop, answer) in enumerate(answers):
        top, left = GAP + number // COLUMNS * step_y, GAP + number % COLUMNS * step_x
        tile = page[top : top + TILE, left : left + TILE]
        tile[:] = cv2.resize(crop, (TILE, TILE), interpolation=cv2.INTER_AREA) if isinstance(crop, np.ndarray) else 0
        text = page[top + TILE : top + TILE + TEXT, left : left + TILE]
        _write(text, file.name, 12, GREY)
        _write(text, _words(answer), 28, GREEN if answer and answer.product else AMBER)
    return page


def _words(answer: Match | None) -> str:
    if answer is None:
        return "cannot be used"
    score = "" if answer.score is None else f" {answer.score:.3f}"
    return f"{answer.product or 'unknown'}{score}"


def _write(area: Image, text: str, y: int, colour: tuple[int, int, int]) -> None:
    """Write the end of a text, as much as fits; the fonts of OpenCV have no letters but those of English."""
    plain = text.encode("ascii", "replace").decode()
    cv2.putText(area, plain[-21:], (0, y), cv2.FONT_HERSHEY_SIMPLEX, 0.38, colour, 1, cv2.LINE_AA)
