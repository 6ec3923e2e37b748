import numpy as np

from edge.demo.sheet import GAP, TILE, SheetRow, sheet
from edge.images.lettering import GREEN, RED
from edge.types import Box, Candidate, Event, Match


def plain(height: int, width: int, colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def row(truth: str | None, expected: str | None) -> SheetRow:
    match = Match("cola", 0.6, (Candidate("cola", 0.9, "cola/1.jpg"), Candidate("água", 0.5, "água/1.jpg")))
    event = Event("identified", "7", "1970-01-01T00:00:01.000Z", 1.0, 10, Box(100, 50, 60, 200), match)
    frame, crop, photo = plain(480, 640, (10, 20, 30)), plain(220, 80, (40, 50, 60)), plain(90, 90, (70, 80, 90))
    return SheetRow(event, frame, crop, photo, truth, expected)


def shows(page: np.ndarray, colour: tuple[int, int, int]) -> int:
    return int(np.all(page == colour, axis=2).sum())


def test_each_row_shows_its_frame_its_crop_and_its_photo():
    page = sheet([row("cola", "cola")] * 3, "three")
    one = sheet([row("cola", "cola")], "one")
    assert page.dtype == np.uint8 and page.shape[0] == one.shape[0] + 2 * (TILE + GAP) and page.shape[1] == one.shape[1]
    assert shows(page, (70, 80, 90)) == 3 * TILE * TILE
    assert shows(page, (40, 50, 60)) == 3 * TILE * round(TILE * 80 / 220)
    framed = shows(page, (10, 20, 30))
    assert 0.9 < framed / (3 * TILE * round(TILE * 640 / 480)) < 1


def test_what_is_wrong_is_red():
    right, wrong = sheet([row("cola", "cola")], ""), sheet([row("water", "water")], "")
    assert shows(right, RED) == 0 and shows(wrong, RED) > 100
    for truth in ("juice", None):
        assert shows(sheet([row(truth, None)], ""), RED) > 100
    assert shows(right, GREEN) > shows(wrong, GREEN)
