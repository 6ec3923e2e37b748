"""An enrollment folder, a bank, and what brings the one into the other."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.bank.store import Bank
from edge.bank.sync import Report, sync
from tests.bank.pictures import Thumbnails

Step = Callable[[], Report]


def later() -> int:
    """A time at which every file is old enough for its stamp to be trusted."""
    return 2**62


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "enroll"
    path.mkdir()
    return path


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    with Bank(tmp_path / "state" / "bank.db") as bank:
        yield bank


@pytest.fixture
def embedder() -> Thumbnails:
    return Thumbnails()


@pytest.fixture
def step(folder: Path, bank: Bank, embedder: Thumbnails) -> Step:
    """Sync once."""
    return lambda: sync(folder, bank, embedder, now=later)
