import json

from edge.console.event_printer import teller
from edge.types import Box, Event

EVENT = Event("placed", "p", "2025-01-01T10:11:12.000Z", 1.0, 2, Box(1, 2, 3, 4))


def test_json_for_machines_and_a_line_for_people(capsys):
    teller(json=True)(EVENT)
    assert json.loads(capsys.readouterr().out)["placement"] == "p"
    teller(json=False)(EVENT)
    assert capsys.readouterr().out.startswith("10:11:12  placed")


def test_colours_on_a_terminal_only_and_not_against_the_users_wish(capsys, monkeypatch):
    for terminal, no_color, coloured in ((False, None, False), (True, None, True), (True, "1", False)):
        monkeypatch.setattr("sys.stdout.isatty", lambda terminal=terminal: terminal)
        monkeypatch.delenv("NO_COLOR", raising=False)
        if no_color:
            monkeypatch.setenv("NO_COLOR", no_color)
        teller(json=False)(EVENT)
        assert ("\x1b[" in capsys.readouterr().out) == coloured
