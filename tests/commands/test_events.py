import csv
import json
from contextlib import closing
from pathlib import Path

import pytest

from edge import cli, exit_codes
from edge.events.ledger import Ledger
from edge.text import local_time
from edge.types import Box, Candidate, Event, EventKind, Match

MATCH = Match("cola", 0.8, (Candidate("cola", 0.93, "cola/1.jpg"),))


def event(kind: EventKind, placement: str, day: int, match: Match | None = None) -> Event:
    return Event(kind, placement, f"2025-03-{day:02}T10:00:00.000Z", 1.0, 10, Box(1, 2, 3, 4), match)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder with a ledger of two placements."""
    with closing(Ledger(tmp_path / "ledger.db")) as ledger:
        ledger.record(event("placed", "a", 1), event("identified", "a", 1, MATCH), event("removed", "a", 3, MATCH))
        ledger.record(event("placed", "b", 4))
    return tmp_path


def events(state: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert cli.main(["events", "--config", "/dev/null", "--state", str(state), *words]) == exit_codes.OK
    return capsys.readouterr().out.splitlines()


def test_people_read_one_line_per_event_with_its_date(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = events(state, capsys)
    assert [line.split()[2] for line in lines] == ["placed", "identified", "removed", "placed"]
    assert lines[0].startswith(local_time("2025-03-01T10:00:00Z") + "  placed")


def test_times_and_a_product_limit_what_is_printed(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def kinds(*words: str) -> list[str]:
        return [json.loads(line)["event"] for line in events(state, capsys, "--json", *words)]

    assert kinds("--since", "2025-03-03T10:00+00:00") == ["removed", "placed"]
    assert kinds("--until", "2025-03-03T10:00+00:00") == ["placed", "identified"]
    assert kinds("--since", "2025-03-02", "--until", "2025-03-04T00:00Z") == ["removed"]
    assert kinds("--product", "cola") == ["identified", "removed"] and kinds("--product", "lemon") == []


def test_csv_has_a_row_per_event(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(events(state, capsys, "--csv")))
    assert [row["event"] for row in rows] == ["placed", "identified", "removed", "placed"]
    assert rows[1]["product"] == "cola" and rows[1]["score"] == "0.93" and rows[0]["product"] == ""
    assert rows[0]["box"] == "1 2 3 4" and rows[0]["at"] == "2025-03-01T10:00:00.000Z"


def test_before_the_first_event_nothing_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert events(tmp_path / "state", capsys) == [] and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("time", ["yesterday", "2025-13-01", ""])
def test_a_time_that_is_none_is_refused(time: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["events", "--since", time])
    assert end.value.code == exit_codes.USAGE and "argument --since: expected a time such as" in capsys.readouterr().err
