"""What holds for every test, on a busy machine and in a script's background too."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine is doing.
settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")


@pytest.fixture(autouse=True)
def ctrl_c() -> Iterator[None]:
    """Ctrl-C is a KeyboardInterrupt; a shell ignores it for what it runs in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
