import json
from contextlib import closing
from pathlib import Path

import pytest

from edge import cli, exit_codes
from edge.events.ledger import Ledger
from edge.text import local_time
from edge.types import Box, Candidate, Event, EventKind, Match

MATCH = Match("cola", 0.8, (Candidate("cola", 0.93, "cola/1.jpg"), Candidate("fanta", 0.5, "fanta/1.jpg")))


def status(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert cli.main(["status", "--config", "/dev/null", "--state", str(folder), *words]) == exit_codes.OK
    return capsys.readouterr().out.splitlines()


def event(kind: EventKind, placement: str, second: int, match: Match | None = None) -> Event:
    return Event(
        kind, placement, f"2025-03-01T10:00:{second:02}.000Z", float(second), second * 10, Box(1, 2, 3, 4), match
    )


def test_an_empty_state_is_told_and_left_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(tmp_path, capsys) == ["bank    0 photos of 0 products, 0 refused", "events  none yet"]
    assert list(tmp_path.iterdir()) == []


def test_what_stands_there_and_what_was_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Ledger(tmp_path / "ledger.db")) as ledger:
        ledger.record(event("placed", "a", 1), event("identified", "a", 2, MATCH), event("placed", "b", 3))
        ledger.record(event("removed", "b", 4))
    lines = status(tmp_path, capsys)
    assert lines[1] == "events  2 placed, 1 identified, 1 removed"
    assert lines[2].startswith(f"last    {local_time('2025-03-01T10:00:04Z')}  removed     b")
    (standing,) = [line for line in lines if line.startswith("open")]
    assert "identified" in standing and "cola 0.930" in standing
    plain = json.loads(status(tmp_path, capsys, "--json")[0])
    assert plain["events"] == {"placed": 2, "identified": 1, "removed": 1}
    assert plain["last"]["placement"] == "b" and [each["product"] for each in plain["open"]] == ["cola"]
    assert plain["bank"] == {"photos": 0, "products": 0, "refused": 0, "model": None} and plain["gaps"] == []


def test_a_state_that_cannot_be_read_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ledger.db").mkdir()
    assert cli.main(["status", "--config", "/dev/null", "--state", str(tmp_path)]) == exit_codes.IO
    assert len(capsys.readouterr().err.splitlines()) == 1
