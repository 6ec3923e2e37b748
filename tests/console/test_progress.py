import io
import sys

from edge.console.progress import duration, hide, progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_it_tells_the_rate_and_the_time_left_at_most_ten_times_a_second(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    seconds = iter(range(0, 100_000))
    show = progress("images", lambda: next(seconds) / 16)
    for done in range(1, 1001):
        show(done, 1000)
    lines = sys.stderr.getvalue().split("\r")[1:]
    assert len(lines) == 500
    assert lines[249].startswith("500/1000 images, 16 a second, 31 s left")
    assert lines[-1] == "1000/1000 images, 16 a second\x1b[K\n"


def test_an_end_that_nobody_knows_is_not_told(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    seconds = iter(range(100))
    show = progress("frames", lambda: next(seconds) / 4)
    for done in range(1, 4):
        show(done, None)
    hide()
    assert sys.stderr.getvalue().split("\r")[2:] == [
        "2 frames, 4 a second\x1b[K",
        "3 frames, 4 a second\x1b[K",
        "\x1b[K",
    ]


def test_it_is_silent_where_nobody_looks(capsys):
    progress("images")(1, 1)
    hide()
    assert capsys.readouterr() == ("", "")


def test_durations_are_told_as_people_do():
    assert [duration(s) for s in (0.4, 59.4, 125, 4800)] == ["0 s", "59 s", "2 min 5 s", "1 h 20 min"]
