from functools import partial
from pathlib import Path

import pytest

from edge import cli, exit_codes
from edge.cameras.simulated import Deed, Score, SimulatedCamera, random_scene, score
from edge.config import Config, EnrollConfig, ModelConfig, StateConfig
from edge.demo.album import Album, summary
from edge.demo.play import play
from edge.demo.sheet import sheet
from edge.images.writer import write_picture
from edge.types import Box, Candidate, Event, EventKind, Frame, Match
from tests.tiny import TINY, colours

BOX = Box(4, 4, 20, 30)
COLA = Deed("placed", 0, "cola", True, BOX, 1.0, 2.0)
WINE = Deed("placed", 1, "wine", False, BOX, 11.0, 12.0)


def event(kind: EventKind, placement: str, t: float, product: str | None = None) -> Event:
    match = Match(product, 0.5, (Candidate(product or "cola", 0.7, "cola/1.png"),)) if kind != "placed" else None
    return Event(kind, placement, "1970-01-01T00:00:01.000Z", t, 10, BOX, match)


def told(*products: str | None) -> Score:
    """The comparison of a cola and a wine with what they were called."""
    events = []
    for number, product in enumerate(products):
        kind: EventKind = "identified" if product else "unknown"
        events += [event("placed", str(number), 10 * number + 2), event(kind, str(number), 10 * number + 3, product)]
    return score([COLA, WINE], events)


def test_a_scene_is_played_compared_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        config = Config(
            model=ModelConfig(TINY), enroll=EnrollConfig(tmp_path / name / "enroll"), state=StateConfig(tmp_path / name)
        )
        camera = SimulatedCamera(320, 240, 10.0, 1, partial(random_scene, actions=2))
        found, album = play(config, camera)
        page = sheet(album.rows(found), summary(found)[-1])
        runs.append((capsys.readouterr().out.splitlines(), found, page))
    lines, found, page = runs[0]
    assert lines[0].startswith("Enrolled, by 4 photos each: spring-water, cola, ")
    placed = sum("  placed  " in line for line in lines)
    assert placed and page.shape[0] > 168 * placed and summary(found)
    assert runs[1][:2] == (lines, found) and (runs[1][2] == page).all()


@pytest.mark.parametrize("name", ["demo.gif", "nowhere/demo.png"])
def test_a_picture_that_cannot_be_written_is_refused_before_the_work(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["demo", "--config", "/dev/null", "--output", str(tmp_path / name)])
    assert end.value.code == exit_codes.USAGE
    assert "argument --output: expected a file" in capsys.readouterr().err


def test_the_summary_says_what_is_wrong() -> None:
    right = "2 things put down, 0 taken away, each reported once; 1 named, 1 not enrolled and called unknown"
    assert summary(told("cola", None)) == [f"All right: {right}."]
    wrong, last = summary(told("cola", "cola"))
    assert wrong.startswith("WRONG  12.0 s: wine placed") and wrong.endswith("called cola instead of unknown")
    assert last == "1 fault; 2 things put down, 0 taken away."


def test_the_album_has_a_row_for_each_answer_with_its_own_frame(tmp_path: Path) -> None:
    (tmp_path / "cola").mkdir()
    write_picture(tmp_path / "cola" / "1.png", colours(9))
    album = Album(tmp_path)
    events = [event("identified", "0", 3, "cola"), event("unknown", "1", 13), event("identified", "2", 20, "cola")]
    for number, _ in enumerate(album.follow(Frame(colours(number), number, 0.0) for number in range(3))):
        album.note(events[number])
    found = told("cola", None)
    rows = album.rows(Score(found.verdicts, (events[2],)))
    assert [(row.truth, row.expected) for row in rows] == [("cola", "cola"), ("wine", None), (None, None)]
    assert [bool((row.frame == colours(number)).all()) for number, row in enumerate(rows)] == [True] * 3
    assert rows[0].crop.shape == (34, 24, 3) and rows[0].photo.shape == (48, 48, 3)
