"""One picture of what was recognised: one row per placement, with its frame, its crop and the photo it was named by."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from edge.images.letterbox import letterbox
from edge.images.lettering import AMBER, GREEN, GREY, INK, RED, write_text
from edge.types import Event, Image

TILE = 168
GAP = 16
TEXT = 400
HEAD = 76


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
    page: Image = np.full((HEAD + len(rows) * (TILE + GAP) + GAP, width, 3), 255, np.uint8)
    write_text(page[: HEAD - 30, GAP:], title, 20, INK)
    columns = (GAP, GAP + wide + GAP, GAP + wide + GAP + TILE + GAP, width - TEXT - GAP)
    for x, name in zip(columns, ("frame", "crop", "nearest enrolled photo", "answer"), strict=True):
        write_text(page[HEAD - 28 : HEAD - 4, x:], name, 14, GREY)
    for number, row in enumerate(rows):
        top = HEAD + number * (TILE + GAP)
        _paste(page, _framed(row), columns[0], top, wide)
        _paste(page, row.crop, columns[1], top, TILE)
        _paste(page, row.photo, columns[2], top, TILE)
        _write_answer(page[top : top + TILE, columns[3] : columns[3] + TEXT], row)
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


def _write_answer(area: Image, row: SheetRow) -> None:
    """Write what the object was called, the scores, and what it was."""
    match = row.answer.match
    name = match.product if match and match.product else "unknown"
    right = row.truth is not None and (match.product if match else None) == row.expected
    write_text(area[:40], name, 25, (GREEN if match and match.product else AMBER) if right else RED)
    if match and match.score is not None:
        write_text(area[44:66], f"score {match.score:.3f}, needs {match.threshold:.3f}", 15, INK)
        for line, candidate in enumerate(match.candidates[1:], 1):
            top = 44 + 22 * line
            write_text(area[top : top + 22], f"then {candidate.product} {candidate.score:.3f}", 15, GREY)
    enrolled = "" if row.expected else ", which is not enrolled" if row.truth else ""
    verdict = f"was {row.truth or 'nothing'}{enrolled}: {'right' if right else 'WRONG'}"
    write_text(area[116:140], verdict, 15, INK if right else RED)
    write_text(area[144:], f"at {row.answer.t:.1f} s, placement {row.answer.placement}", 13, GREY)
