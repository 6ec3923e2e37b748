"""One picture of what was recognised: a row a placement, with its frame, its crop and the photo it was named by."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from edge.images.letterbox import letterbox
from edge.types import Event, Image

TILE = 168
GAP = 16
TEXT = 400
WHITE, INK, GREY = (255, 255, 255), (34, 34, 34), (130, 130, 130)
GREEN, AMBER, RED = (22, 128, 60), (180, 110, 0), (190, 30, 30)


class SheetRow(NamedTuple):
    """A placement: its answer, the frame of that moment, its crop, and the enrolled photo nearest to it.

    truth: the product that was put down; None for something that is not there. expected: what it is to be called.
    """

    answer: Event
    frame: Image
    crop: Image
    photo: Image
    truth: str | None = None
    expected: str | None = None


def sheet(rows: Sequence[SheetRow], title: str) -> Image:
    """Given the placements, of one camera, return an RGB picture of them, one below the other."""
    wide = max((round(TILE * row.frame.shape[1] / row.frame.shape[0]) for row in rows), default=TILE)
    width = GAP + wide + 2 * (GAP + TILE) + GAP + TEXT + GAP
    head = 76
    page: Image = np.full((head + len(rows) * (TILE + GAP) + GAP, width, 3), 255, np.uint8)
    _write(page, title, (GAP, 32), 0.7, INK, 2)
    columns = (GAP, GAP + wide + GAP, GAP + wide + GAP + TILE + GAP, width - TEXT - GAP)
    for x, name in zip(columns, ("frame", "crop", "nearest enrolled photo", "answer"), strict=True):
        _write(page, name, (x, head - 12), 0.45, GREY)
    for number, row in enumerate(rows):
        top = head + number * (TILE + GAP)
        _paste(page, _framed(row), columns[0], top, wide)
        _paste(page, row.crop, columns[1], top, TILE)
        _paste(page, row.photo, columns[2], top, TILE)
        _tell(page, row, columns[3], top)
    return page


def _framed(row: SheetRow) -> Image:
    """The frame with a border around the object."""
    picture = row.frame.copy()
    x, y, width, height = row.answer.box
    cv2.rectangle(picture, (x, y), (x + width, y + height), GREEN, max(2, picture.shape[1] // 200))
    return picture


def _paste(page: Image, picture: Image, x: int, y: int, width: int) -> None:
    """Fit the picture into (TILE, width) at x, y, on black."""
    square = letterbox(picture, width)
    page[y : y + TILE, x : x + width] = square[(width - TILE) // 2 :][:TILE]


def _tell(page: Image, row: SheetRow, x: int, y: int) -> None:
    match = row.answer.match
    name = match.product if match and match.product else "unknown"
    right = row.truth is not None and (match.product if match else None) == row.expected
    _write(page, name, (x, y + 30), 0.8, (GREEN if match and match.product else AMBER) if right else RED, 2)
    if match and match.score is not None:
        _write(page, f"score {match.score:.3f}, needs {match.threshold:.3f}", (x, y + 62), 0.5, INK)
        for line, candidate in enumerate(match.candidates[1:], 1):
            _write(page, f"then {candidate.product} {candidate.score:.3f}", (x, y + 62 + 22 * line), 0.5, GREY)
    enrolled = "" if row.expected else ", which is not enrolled" if row.truth else ""
    _write(
        page,
        f"was {row.truth or 'nothing'}{enrolled}: {'right' if right else 'WRONG'}",
        (x, y + 132),
        0.5,
        INK if right else RED,
    )
    _write(page, f"at {row.answer.t:.1f} s, placement {row.answer.placement}", (x, y + 156), 0.4, GREY)


def _write(
    page: Image, text: str, at: tuple[int, int], scale: float, colour: tuple[int, int, int], thick: int = 1
) -> None:
    plain = text.encode("ascii", "replace").decode()  # the fonts of OpenCV have no other letters
    cv2.putText(page, plain, at, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thick, cv2.LINE_AA)
