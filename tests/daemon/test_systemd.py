import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.daemon.systemd import Notifier


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def heard(manager: socket.socket) -> list[str]:
    messages = []
    while True:
        try:
            messages.append(manager.recv(4096).decode())
        except BlockingIOError:
            return messages


def test_the_manager_hears_what_is_told_in_order(manager: socket.socket) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": manager.getsockname()})
    notifier.ready()
    notifier.status("identified cola\n0.913\N{SNOWMAN}")
    notifier.stopping()
    assert heard(manager) == ["READY=1", "STATUS=identified cola 0.913\N{SNOWMAN}", "STOPPING=1"]


def test_reloading_says_since_when(manager: socket.socket) -> None:
    Notifier({"NOTIFY_SOCKET": manager.getsockname()}).reloading()
    (message,) = heard(manager)
    reloading, since = message.splitlines()
    assert reloading == "RELOADING=1" and int(since.removeprefix("MONOTONIC_USEC=")) > 0


def test_an_abstract_address_is_understood() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0bottlebank-test-{os.getpid()}")
        listening.setblocking(False)
        Notifier({"NOTIFY_SOCKET": f"@bottlebank-test-{os.getpid()}"}).ready()
        assert heard(listening) == ["READY=1"]


def test_a_thousand_frames_are_a_few_messages_and_never_too_few(manager: socket.socket) -> None:
    now = 0.0
    environ = {"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "10000000", "WATCHDOG_PID": str(os.getpid())}
    notifier = Notifier(environ, lambda: now)
    sent = []
    for _ in range(1000):
        notifier.alive()
        sent += [now] * len(heard(manager))
        now += 0.1
    assert len(sent) == 40 and max(b - a for a, b in zip(sent, sent[1:], strict=False)) < 5


def test_another_process_is_watched_or_none(manager: socket.socket) -> None:
    for environ in ({}, {"WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "1"}):
        Notifier({"NOTIFY_SOCKET": manager.getsockname(), **environ}).alive()
    assert heard(manager) == []


def test_nothing_stops_the_service(tmp_path: Path) -> None:
    for environ in ({}, {"NOTIFY_SOCKET": str(tmp_path / "nobody")}):
        Notifier(environ).ready()
