"""A day's writes to the card, counted by the kernel: what is handed to it, and what it dirties in whole blocks."""

import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from edge.bank.review import ReviewStore
from edge.daemon.loop import SECONDS_BETWEEN_SAVES
from edge.daemon.saved_background import save_background
from edge.events.ledger import Ledger
from edge.isolation.isolator import Isolator
from edge.types import Box, Candidate, Event, EventKind, Frame, Match

PLACEMENTS = 500
BUDGET = 5_000_000
"""Bytes a day, see docs/events.md."""


def written() -> tuple[int, int]:
    """Bytes that this process has handed to the kernel, and bytes of the blocks that it dirtied; see proc(5)."""
    counts = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(counts["wchar"]), int(counts["write_bytes"])


@pytest.mark.slow
def test_a_day_of_500_placements_is_within_its_budget() -> None:
    noise = np.random.default_rng(1)
    isolator = Isolator()
    for index in range(20):
        scene = np.clip(128 + noise.normal(0, 6, (720, 1280, 3)), 0, 255).astype(np.uint8)
        isolator.step(Frame(scene, index, index * 0.1))
    nearest = tuple(Candidate(f"product number {n}", 0.9 - n / 10, f"product number {n}/front.jpg") for n in range(3))
    answer = Match(nearest[0].product, 0.62, nearest)

    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name, closing(Ledger(Path(name) / "ledger.db")) as ledger:
        handed, dirtied = written()
        review = ReviewStore(Path(name) / "review")
        for number in range(PLACEMENTS):
            kinds: tuple[EventKind, ...] = ("placed", "identified", "removed")
            for kind in kinds:
                placement, at = f"{0x19AA8F1C2D3 + 172_800 * number:011x}5b1e00", "2026-11-24T11:30:00.000Z"
                match = None if kind == "placed" else answer
                ledger.record(Event(kind, placement, at, number * 172.8, number * 1728, Box(500, 200, 120, 310), match))
            review.keep(placement, scene[:400, :150], Match(None, 0.62, nearest))
        events, blocks = (after - before for after, before in zip(written(), (handed, dirtied), strict=True))
        for _ in range(round(86_400 / SECONDS_BETWEEN_SAVES)):
            save_background(Path(name), isolator.state())
        total, all_blocks = (after - before for after, before in zip(written(), (handed, dirtied), strict=True))
    print(
        f"{PLACEMENTS} placements, all unknown: {events / 1e6:.2f} MB, crops included ({blocks / 1e6:.1f} of blocks),"
    )
    print(f"with the background {total / 1e6:.2f} MB ({all_blocks / 1e6:.1f} MB of blocks)")
    assert total < BUDGET
