"""The command run, on the real clock and so on few frames; see tests/assembly/test_daemon.py for the rest."""

import json
from contextlib import closing

from edge import exit_codes
from edge.daemon import saved_background
from edge.events.ledger import Ledger
from edge.types import Box, Event
from tests.commands.media import EMPTY, Scratch, folder, scratch

__all__ = ["scratch"]


def test_media_run_to_their_end_and_leave_the_scene_behind(scratch: Scratch) -> None:
    standing = Event("placed", "before", "2025-03-01T10:00:00.000Z", 1.0, 10, Box(1, 2, 3, 4))
    scratch.state.mkdir()
    with closing(Ledger(scratch.state / "ledger.db")) as ledger:
        ledger.record(standing)
    scratch.configure(f"{{kind: folder, path: {folder(scratch.path / 'images', [EMPTY] * 3)}, fps: 100}}")
    code, (line,), _ = scratch.run("run", "--json")
    event = json.loads(line)
    assert (code, event["event"], event["placement"]) == (exit_codes.OK, "removed", "before")
    assert event["at"] > standing.at and saved_background.load_background(scratch.state)


def test_a_camera_that_is_missing_is_one_line(scratch: Scratch) -> None:
    scratch.configure("{kind: v4l2, device: /dev/video97}")
    code, lines, said = scratch.run("run")
    assert (code, lines) == (exit_codes.UNAVAILABLE, []) and said.splitlines()[-1].startswith(
        "bottlebank: /dev/video97: no such camera"
    )


def test_a_state_folder_that_cannot_be_used_is_one_line(scratch: Scratch) -> None:
    scratch.state.write_text("no folder")
    scratch.configure(f"{{kind: folder, path: {folder(scratch.path / 'images', [EMPTY])}}}")
    code, lines, said = scratch.run("run")
    assert (code, lines) == (exit_codes.IO, []) and str(scratch.state) in said.splitlines()[-1]
