import time
from collections.abc import Iterator

import pytest

from edge.text import count, local_time, one_line, printable


@pytest.fixture
def nepal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A time zone a quarter of an hour off."""
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "<+0545>-05:45")
        time.tzset()
        yield
    time.tzset()


def test_times_are_local_with_their_offset(nepal: None) -> None:
    assert local_time("2025-03-01T23:00:04.512Z") == "2025-03-02 04:45:04+05:45"


def test_a_number_has_its_noun_and_a_name_steers_no_terminal() -> None:
    assert (count(1, "photo"), count(0, "photo")) == ("1 photo", "0 photos")
    assert printable("co\x1b[31mla\n") == "co?[31mla?"


def test_an_error_is_one_line() -> None:
    assert one_line(ValueError("a\n  b")) == "a b" and one_line(ValueError()) == "ValueError"
    assert len(one_line(ValueError("x" * 300))) == 200
