import json
import threading
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from edge import cli, exit_codes
from edge.daemon.live_view import LiveView
from edge.daemon.service_lock import lock
from edge.daemon.snapshot import SnapshotServer, request_status
from edge.errors import StoreError
from edge.events.ledger import Ledger
from edge.text import local_time
from edge.types import Box, Candidate, Event, EventKind, Match
from tests.rights import without_rights

MATCH = Match("cola", 0.8, (Candidate("cola", 0.93, "cola/1.jpg"), Candidate("fanta", 0.5, "fanta/1.jpg")))


def status(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert cli.main(["status", "--config", "/dev/null", "--state", str(folder), *words]) == exit_codes.OK
    return capsys.readouterr().out.splitlines()


def event(kind: EventKind, placement: str, second: int, match: Match | None = None) -> Event:
    return Event(
        kind, placement, f"2025-03-01T10:00:{second:02}.000Z", float(second), second * 10, Box(1, 2, 3, 4), match
    )


def test_an_empty_state_is_reported_and_left_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(tmp_path, capsys) == [
        "service not running",
        "bank    0 photos of 0 products, 0 refused",
        "events  none yet",
    ]
    assert list(tmp_path.iterdir()) == []


def test_what_stands_there_and_what_was_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Ledger(tmp_path / "ledger.db")) as ledger:
        ledger.record(event("placed", "a", 1), event("identified", "a", 2, MATCH), event("placed", "b", 3))
        ledger.record(event("removed", "b", 4))
    lines = status(tmp_path, capsys)
    assert lines[2] == "events  2 placed, 1 identified, 1 removed"
    assert lines[3].startswith(f"last    {local_time('2025-03-01T10:00:04Z')}  removed     b")
    (standing,) = [line for line in lines if line.startswith("open")]
    assert "identified" in standing and "cola 0.930" in standing
    plain = json.loads(status(tmp_path, capsys, "--json")[0])
    assert plain["events"] == {"placed": 2, "identified": 1, "removed": 1}
    assert plain["last"]["placement"] == "b" and [each["product"] for each in plain["open"]] == ["cola"]
    assert plain["bank"] == {"photos": 0, "products": 0, "refused": 0, "waiting": 0, "model": None}
    assert plain["gaps"] == [] and plain["service"] == {"running": False, "fault": None}


def test_photos_that_the_service_has_not_read_yet_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "enroll" / "cola").mkdir(parents=True)
    (tmp_path / "enroll" / "cola" / "1.jpg").write_bytes(b"not read yet")
    words = ("--enroll", str(tmp_path / "enroll"))
    assert "bank    0 photos of 0 products, 0 refused, 1 waiting" in status(tmp_path / "state", capsys, *words)


def test_a_running_service_says_since_when_and_how_fast(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended, seconds = threading.Event(), count(0, 0.125)
    now = "2025-03-01T10:00:00.000Z"
    with lock(tmp_path), closing(SnapshotServer(tmp_path, lambda: now, lambda: next(seconds))) as server:

        def frames() -> None:
            while not ended.wait(0.005):
                server(LiveView(2, None))

        for _ in range(2):
            server(LiveView(2, None))

        thread = threading.Thread(target=frames)
        thread.start()
        try:
            lines, (line,) = status(tmp_path, capsys), status(tmp_path, capsys, "--json")
        finally:
            ended.set()
            thread.join()
        since = local_time(now)
        assert (
            lines[0] == f"service running since {since}, 8.0 frames a second, last at {since[11:]}, 2 objects in view"
        )
        expected = {"running": True, "fault": None, "since": now, "at": now, "fps": 8.0, "objects": 2}
        assert json.loads(line)["service"] == expected
        with pytest.raises(StoreError, match="the service processes no frames; the reason: journalctl"):
            request_status(tmp_path, seconds_to_answer=0.01)


def test_the_latest_answer_of_a_placement_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Ledger(tmp_path / "ledger.db")) as ledger:
        ledger.record(event("placed", "a", 1), event("unknown", "a", 2, replace(MATCH, product=None)))
        ledger.record(event("identified", "a", 3, MATCH))
    plain = json.loads(status(tmp_path, capsys, "--json")[0])
    assert plain["events"] == {"placed": 1, "identified": 1}
    assert [(each["event"], each["product"]) for each in plain["open"]] == [("identified", "cola")]


def test_a_state_that_cannot_be_read_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ledger.db").mkdir()
    assert cli.main(["status", "--config", "/dev/null", "--state", str(tmp_path)]) == exit_codes.IO
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("command", ["status", "list", "events", "review"])
def test_a_user_without_rights_is_told_how_to_get_them(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.parser(loaded=[command])
    with without_rights(tmp_path / "state"):
        code = cli.main([command, "--config", "/dev/null", "--state", str(tmp_path / "state")])
    said = capsys.readouterr().err
    assert code == exit_codes.IO and len(said.splitlines()) == 1
    assert said.endswith(": Permission denied; try: sudo usermod -aG bottlebank $USER, and log in again\n")
