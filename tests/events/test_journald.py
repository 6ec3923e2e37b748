import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.events.journald import Journald, connected
from edge.types import Box, Candidate, Event, Match

MATCH = Match("cola", 0.62, (Candidate("cola", 0.91342, "cola/front.jpg"), Candidate("fanta", 0.64153, "fanta2.jpg")))
IDENTIFIED = Event("identified", "19aa-5b1e", "2025-11-21T22:13:07.512Z", 4.7, 71, Box(212, 96, 88, 241), MATCH)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "socket"))
        listening.setblocking(False)
        yield listening


def fields(datagram: bytes) -> dict[str, str]:
    """The protocol's long form: name, newline, eight bytes of length, value, newline."""
    found = {}
    while datagram:
        name, _, rest = datagram.partition(b"\n")
        end = 8 + int.from_bytes(rest[:8], "little")
        found[name.decode()] = rest[8:end].decode()
        assert rest[end : end + 1] == b"\n"
        datagram = rest[end + 1 :]
    return found


def test_an_event_carries_what_journalctl_filters_by(journal: socket.socket) -> None:
    with closing(Journald(journal.getsockname())) as journald:
        journald.write(IDENTIFIED)
    assert fields(journal.recv(4096)) == {
        "MESSAGE": "identified cola 0.913, then fanta 0.642",
        "PRIORITY": "6",
        "SYSLOG_IDENTIFIER": "bottlebank",
        "EVENT": "identified",
        "PLACEMENT_ID": "19aa-5b1e",
        "PRODUCT": "cola",
        "SCORE": "0.9134",
    }


def test_no_answer_no_product(journal: socket.socket) -> None:
    with closing(Journald(journal.getsockname())) as journald:
        journald.write(Event("placed", "p", IDENTIFIED.at, 0, 0, Box(1, 2, 3, 4)))
    placed = fields(journal.recv(4096))
    assert placed["MESSAGE"] == "placed at 1,2, 3x4 pixels" and "PRODUCT" not in placed and "SCORE" not in placed


def test_a_name_with_a_newline_makes_no_field_of_its_own(journal: socket.socket) -> None:
    product = "cola\nEVENT=removed"
    match = Match(product, 0.6, (Candidate(product, 0.9, "x"),))
    with closing(Journald(journal.getsockname())) as journald:
        journald.write(Event("identified", "p", IDENTIFIED.at, 0, 0, Box(0, 0, 1, 1), match))
    told = fields(journal.recv(4096))
    assert told["PRODUCT"] == product and told["EVENT"] == "identified"


def test_log_records_keep_their_level(journal: socket.socket) -> None:
    handler = Journald(journal.getsockname())
    logger = logging.Logger("test")
    logger.addHandler(handler)
    for level, priority in ((logging.DEBUG, "7"), (logging.INFO, "6"), (logging.WARNING, "4"), (logging.ERROR, "3")):
        logger.log(level, "refused %s", "x.jpg")
        told = fields(journal.recv(4096))
        assert (told["MESSAGE"], told["PRIORITY"]) == ("refused x.jpg", priority)
    handler.close()


def test_a_missing_journal_stops_nothing(tmp_path: Path) -> None:
    with closing(Journald(str(tmp_path / "nobody"))) as journald:
        journald.write(IDENTIFIED)


def test_whether_standard_error_is_the_journal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "stream").open("w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        status = os.fstat(stream.fileno())
        assert connected({"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
        assert not connected({"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino + 1}"}) and not connected({})
