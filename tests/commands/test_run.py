"""The command run, on the real clock and so on few frames; see tests/assembly/test_daemon.py for the rest."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from edge import exit_codes
from edge.bank.store import Bank
from edge.daemon import saved_background, service_lock
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


def test_a_second_service_is_refused_with_who_holds_the_folder(scratch: Scratch) -> None:
    scratch.configure("{kind: v4l2, device: /dev/video97}")  # refused before its camera is opened
    with service_lock.lock(scratch.state):
        code, lines, said = scratch.run("run")
    assert (code, lines) == (exit_codes.IN_USE, [])
    assert f"{scratch.state}: process {os.getpid()} works on this folder; stop that Bottlebank" in said.splitlines()[-1]


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=99")


def test_a_ledger_of_a_newer_program_needs_a_person(scratch: Scratch) -> None:
    Ledger(scratch.state / "ledger.db").close()
    newer(scratch.state / "ledger.db")
    scratch.configure(f"{{kind: folder, path: {folder(scratch.path / 'images', [EMPTY])}}}")
    code, lines, said = scratch.run("run")
    assert (code, lines) == (exit_codes.CONFIG, [])
    assert "ledger.db: of version 99, this program knows versions up to " in said.splitlines()[-1]


def test_a_bank_of_a_newer_program_does_not_keep_it_from_watching(scratch: Scratch) -> None:
    Bank(scratch.state / "bank.db").close()
    newer(scratch.state / "bank.db")
    scratch.enroll.mkdir(exist_ok=True)
    scratch.configure(f"{{kind: folder, path: {folder(scratch.path / 'images', [EMPTY] * 3)}, fps: 100}}")
    assert scratch.run("run")[0] == exit_codes.OK
