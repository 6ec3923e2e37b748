import io
import json
import os
import signal
import sys
from contextlib import closing

import pytest

from edge import exit_codes
from edge.daemon import saved_background
from edge.events.format import as_json
from edge.events.ledger import Ledger
from edge.images.writer import write_picture
from tests.commands.media import EMPTY, GREEN, RED, Scratch, X, folder, scratch, video, visit
from tests.isolation.scenes import bottle

__all__ = ["scratch"]


def test_a_video_gives_its_events_the_same_each_time(scratch: Scratch) -> None:
    scratch.photo("cola/1.png", RED)
    scratch.photo("lemon/1.png", GREEN)
    file = video(scratch.path / "my film.mp4", visit(bottle(EMPTY, X, RED), bottle(EMPTY, 60, GREEN)))
    code, lines, _ = scratch.run("replay", str(file), "--json")
    events = [json.loads(line) for line in lines]
    assert code == exit_codes.OK
    assert [(event["event"], event["placement"], event["product"]) for event in events] == [
        ("placed", "my_film-1", None),
        ("identified", "my_film-1", "cola"),
        ("removed", "my_film-1", "cola"),
        ("placed", "my_film-2", None),
        ("identified", "my_film-2", "lemon"),
        ("removed", "my_film-2", "lemon"),
    ]
    assert all(event["at"] == f"1970-01-01T00:00:{event['t']:06.3f}Z" for event in events)
    with closing(Ledger(scratch.state / "ledger.db")) as ledger:
        assert [as_json(event) for _, event in ledger.events()] == lines

    scratch.state.rename(scratch.path / "former")
    assert scratch.run("replay", str(file), "--json")[1] == lines
    assert scratch.run("replay", str(file), "--json", state=False)[1] == lines


def test_a_folder_is_replayed_for_people_and_counted_on(scratch: Scratch) -> None:
    images = folder(scratch.path / "images", visit(bottle(EMPTY, X, RED)))
    code, lines, _ = scratch.run("replay", str(images))
    assert code == exit_codes.OK and len(lines) == 4
    assert lines[1].split(maxsplit=3)[1:] == ["unknown", "images-1", "nothing is enrolled"]
    assert lines[-1].endswith("  end; 1 placed, 1 unknown, 1 removed")
    assert "images-2" in scratch.run("replay", str(images))[1][0]
    assert "events  2 placed, 2 unknown, 2 removed" in scratch.run("status")[1]


def test_the_scene_that_the_service_learned_is_neither_used_nor_overwritten(scratch: Scratch) -> None:
    scratch.state.mkdir()
    (scratch.state / saved_background.FILE).write_bytes(b"mine")
    images = folder(scratch.path / "images", visit())
    assert scratch.run("replay", str(images))[1] == ["00:00:01  end; no events"]
    assert (scratch.state / saved_background.FILE).read_bytes() == b"mine"


def test_media_that_cannot_be_read_are_one_line(scratch: Scratch) -> None:
    (scratch.path / "text.mp4").write_text("no video")
    (scratch.path / "empty").mkdir()
    for name in ("nowhere.mp4", "text.mp4", "empty"):
        code, lines, said = scratch.run("replay", str(scratch.path / name))
        assert (code, lines, len(said.splitlines())) == (exit_codes.UNAVAILABLE, [], 1)
        assert str(scratch.path / name) in said


class PressesCtrlC(io.StringIO):
    """A stdout at which Ctrl-C is pressed when an object is placed."""

    def write(self, text: str) -> int:
        if "placed" in text:
            os.kill(os.getpid(), signal.SIGINT)
        return super().write(text)


def test_ctrl_c_ends_it_with_what_is_known(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    images = folder(scratch.path / "images", visit(bottle(EMPTY, X, RED)))
    printed = PressesCtrlC()
    monkeypatch.setattr(sys, "stdout", printed)
    code, _, said = scratch.run("replay", str(images), "--json")
    events = [json.loads(line)["event"] for line in printed.getvalue().splitlines()]
    assert (code, events) == (exit_codes.INTERRUPTED, ["placed", "unknown"])
    assert f"stopped by Ctrl-C at 00:00:03 of {images}; 1 placed, 1 unknown" in said


def test_what_stands_there_at_the_start_is_placed_before_a_given_background(scratch: Scratch) -> None:
    file = video(scratch.path / "film.mp4", [bottle(EMPTY, X, RED)] * 40)
    empty = scratch.path / "empty.png"
    write_picture(empty, EMPTY)
    assert scratch.run("replay", str(file))[1][-1].endswith("no events")
    lines = scratch.run("replay", str(file), "--background", str(empty))[1]
    assert lines[-1].endswith("1 placed, 1 unknown")
    write_picture(empty, EMPTY[::2, ::2])
    code, _, errors = scratch.run("replay", str(file), "--background", str(empty))
    assert code == exit_codes.SOME_FAILED and "give a frame of that camera" in errors
