"""Notifies systemd: the service is ready, its status, and that frames are still processed. See sd_notify(3).

Outside systemd nothing is sent. A message that cannot be sent is dropped: notifying never stops the service.
"""

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

PINGS = 4
"""Watchdog messages sent in the time after which systemd takes the service to be frozen."""


class Notifier:
    """Notifies the service manager, in the order of the calls."""

    def __init__(self, environ: Mapping[str, str] = os.environ, clock: Callable[[], float] = time.monotonic) -> None:
        """Given the environment that systemd made and a monotonic clock in seconds, be ready to send."""
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._clock = clock
        self._every: float | None = None
        if environ.get("WATCHDOG_USEC") and environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid()):
            self._every = int(environ["WATCHDOG_USEC"]) / 1e6 / PINGS
        self._next = 0.0

    def ready(self) -> None:
        """Say that the service works, for the first time or again after `reloading`."""
        self._send("READY=1")

    def status(self, text: str) -> None:
        """Say in one line what `systemctl status` shows."""
        self._send(f"STATUS={' '.join(text.split())}")

    def alive(self) -> None:
        """Say that a frame was processed; to be called with each, most calls send nothing."""
        if self._every is not None and (now := self._clock()) >= self._next:
            self._next = now + self._every
            self._send("WATCHDOG=1")

    def reloading(self) -> None:
        """Say that the configuration is being read again; `ready` follows."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """Say that the service is about to end."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if self._address:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.sendto(message.encode(errors="replace"), socket.MSG_DONTWAIT, self._address)
