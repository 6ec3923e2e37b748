"""A million frames with placements through the daemon's own loop: memory stays, and no event is lost or told twice."""

import gc
import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from edge.bank.sync_thread import SyncThread
from edge.daemon.clock import utc
from edge.daemon.loop import Loop
from edge.daemon.saved_background import save_background
from edge.events.ledger import Ledger
from edge.isolation.isolator import Isolator
from edge.model.embedder import Embedder
from edge.recognition.decision import Rule
from edge.recognition.matcher import Matcher
from edge.recognition.pipeline import Pipeline
from edge.types import Event, Frame, Gallery, Image
from tests.bank.pictures import encoded
from tests.tiny import TINY, colours

pytestmark = pytest.mark.boot
FRAMES = int(os.environ.get("FRAMES", "1000000"))
FPS = 10
EMPTY, STANDS = 20, 40
"""Frames of a cycle: the empty scene, then an object."""
PRODUCTS = 12
WARM = 20_000
"""Frames after which memory is what it will be."""
GROWTH = 5e6
TELL = 100_000
"""Frames between signs of life."""


def memory() -> int:
    """Bytes that are resident, of this process."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def frames(sizes: list[int]) -> Iterator[Frame]:
    """An object comes for a while, now here, now there, and goes; the camera's noise is in every frame."""
    chance = np.random.default_rng(1)
    wall = np.linspace(90, 150, 320).astype(np.uint8)[None, :, None] + np.zeros((240, 1, 3), np.uint8)
    noise = [chance.normal(0, 2, wall.shape).round().astype(np.int16) for _ in range(8)]
    empty: list[Image] = [np.clip(wall + grain, 0, 255).astype(np.uint8) for grain in noise]
    objects = [colours(number) for number in range(PRODUCTS)]
    for index in range(FRAMES - FRAMES % (EMPTY + STANDS) + EMPTY):
        cycle, moment = divmod(index, EMPTY + STANDS)
        image = empty[index % len(empty)].copy()
        if moment >= EMPTY:
            x, y = 40 + 37 * cycle % 200, 30 + 23 * cycle % 140
            image[y : y + 48, x : x + 48] = objects[cycle % PRODUCTS]
        if index % WARM == 0:
            sizes.append(memory())
        if index % TELL == 0:
            print(f"\n{index:,} frames, {sizes[-1] / 1e6:.1f} MB", end="", flush=True)
        yield Frame(image, index, index / FPS)


def test_a_million_frames(tmp_path: Path) -> None:
    for number in range(PRODUCTS):
        path = tmp_path / "enroll" / f"product{number}" / "front.png"
        path.parent.mkdir(parents=True)
        path.write_bytes(encoded(colours(number), ".png"))
    embedder = Embedder(TINY)
    match = Matcher(Gallery(embedder.embed([]), (), ()), Rule(embedder.card.threshold))
    keeper = SyncThread(tmp_path / "enroll", tmp_path / "bank.db", embedder, match.exchange)
    keeper.start()
    while len(match.gallery.products) < PRODUCTS:
        time.sleep(0.05)

    told: dict[str, int] = {}
    open_now: set[str] = set()

    def tell(event: Event) -> None:
        told[event.event] = told.get(event.event, 0) + 1
        if event.event == "placed":
            open_now.add(event.placement)
        assert event.placement in open_now, "told out of turn"
        if event.event == "removed":
            open_now.remove(event.placement)

    numbers = iter(range(FRAMES))
    isolator = Isolator()
    pipeline = Pipeline(isolator, embedder.embed, match, utc, lambda: f"{next(numbers):016x}")
    sizes: list[int] = []
    start = time.monotonic()
    with closing(Ledger(tmp_path / "ledger.db")) as ledger:
        Loop(pipeline, ledger, tell, lambda: save_background(tmp_path, isolator.state()), now=utc).run(frames(sizes))
        recorded = ledger.counts()
    keeper.close()
    visits = FRAMES // (EMPTY + STANDS)
    growth = sizes[-1] - sizes[1]
    minutes = (time.monotonic() - start) / 60
    print(f"\n{FRAMES} frames in {minutes:.0f} min: {recorded}, {sizes[-1] / 1e6:.0f} MB, {growth / 1e6:+.1f} MB")
    assert recorded == told
    assert recorded["placed"] == recorded["removed"] == recorded["identified"] + recorded.get("unknown", 0) == visits
    assert growth < GROWTH
