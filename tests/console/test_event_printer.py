import json
import logging
import socket

from edge.console.event_printer import event_printer, logged
from edge.text import local_time
from edge.types import Box, Event

EVENT = Event("placed", "p", "2025-01-01T10:11:12.000Z", 1.0, 2, Box(1, 2, 3, 4))


def test_json_for_machines_and_a_line_for_people(capsys):
    event_printer("json")(EVENT)
    assert json.loads(capsys.readouterr().out)["placement"] == "p"
    event_printer(None)(EVENT)
    assert capsys.readouterr().out.startswith(local_time(EVENT.at)[11:] + "  placed")
    event_printer(None, media=True)(EVENT)
    assert capsys.readouterr().out.startswith("10:11:12  placed")


def test_colours_on_a_terminal_only_and_not_against_the_users_wish(capsys, monkeypatch):
    for terminal, no_color, coloured in ((False, None, False), (True, None, True), (True, "1", False)):
        monkeypatch.setattr("sys.stdout.isatty", lambda terminal=terminal: terminal)
        monkeypatch.delenv("NO_COLOR", raising=False)
        if no_color:
            monkeypatch.setenv("NO_COLOR", no_color)
        event_printer(None)(EVENT)
        assert ("\x1b[" in capsys.readouterr().out) == coloured


def test_the_log_goes_to_the_journal_and_back(tmp_path):
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "socket"))
        with logged(to_journal=True, socket=str(tmp_path / "socket")) as journal:
            logging.getLogger("edge").info("enrolled cola/1.png")
            journal.write(EVENT)
        assert [b"enrolled cola/1.png" in listening.recv(4096), b"placed at" in listening.recv(4096)] == [True] * 2
    assert (root.level, root.handlers) == before
    with logged(to_journal=False) as journal:
        assert journal is None and root.level == logging.INFO
