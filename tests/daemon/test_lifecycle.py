import pytest

from edge import exit_codes
from edge.daemon.lifecycle import Lifecycle
from edge.errors import InternalError


class Daemon:
    """A sync thread, a notifier and a reload in one, which keep a log."""

    def __init__(self):
        self.log, self.lives = [], True

    def is_alive(self):
        return self.lives

    def __getattr__(self, name):
        return lambda: self.log.append(name)


def test_ready_is_said_once_and_life_with_each_frame():
    daemon = Daemon()
    lifecycle = Lifecycle(daemon, daemon, daemon.reload)
    assert daemon.log == []
    for _ in range(3):
        lifecycle()
    assert daemon.log == ["ready", "alive", "alive", "alive"]


def test_a_reload_waits_for_the_end_of_the_frame_and_is_done_once():
    daemon = Daemon()
    lifecycle = Lifecycle(daemon, daemon, daemon.reload)
    lifecycle()
    lifecycle.ask_reload()
    lifecycle.ask_reload()
    assert daemon.log == ["ready", "alive"]
    lifecycle()
    lifecycle()
    assert daemon.log[2:] == ["reloading", "reload", "nudge", "ready", "alive", "alive"]


def test_a_dead_sync_thread_ends_it_without_a_sign_of_life():
    daemon = Daemon()
    daemon.lives = False
    with pytest.raises(InternalError, match="keeps the bank") as raised:
        Lifecycle(daemon, daemon, daemon.reload)()
    assert exit_codes.code(raised.value) == exit_codes.SOFTWARE
    assert daemon.log == []


def test_what_disturbs_the_picture_is_the_status_while_it_lasts():
    daemon, statuses = Daemon(), []
    daemon.status = statuses.append
    troubles = iter([None, None, "a lamp flickers", "a lamp flickers", None, None])
    lifecycle = Lifecycle(daemon, daemon, daemon.reload, lambda: next(troubles))
    for _ in range(5):
        lifecycle()
    assert statuses == ["a lamp flickers", "the picture is steady again"]
