"""A daemon to be killed: the real keeper, pipeline, loop, ledger and model; objects come and go by a script.

    python kill_driver.py ENROLL STATE

Prints each event as the daemon does, with --json. Only the camera and the isolation are scripted: a frame shows one of
the pictures of tests/tiny.py, which stands for ten frames and is gone for two.
"""

import logging
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from edge.bank.keeper import Keeper
from edge.events.journal import as_json
from edge.events.ledger import Ledger
from edge.pipeline.embed import Embedder
from edge.pipeline.match import Matcher
from edge.pipeline.pipeline import Pipeline
from edge.service.loop import Loop
from edge.types import Box, Change, Event, Frame, Gallery
from tests.tiny import TINY, colours

STANDS, GONE = 10, 2
PRODUCTS = 12


class Script:
    """An isolator that knows when each object comes and goes."""

    def step(self, frame: Frame) -> list[Change]:
        track, moment = divmod(frame.index, STANDS + GONE)
        kinds = {0: "placed", STANDS: "removed"}
        kind = kinds.get(moment, "seen" if moment < STANDS else "nothing")
        return [Change(kind, track, Box(0, 0, 48, 48))] if kind != "nothing" else []  # type: ignore[arg-type]


def frames() -> Iterator[Frame]:
    index = 0
    while True:
        picture = colours(index // (STANDS + GONE) % PRODUCTS, noise=3)
        yield Frame(picture, index, index * 0.2)
        index += 1
        time.sleep(0.001)  # a camera leaves the keeper its turn


def utc() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def tell(event: Event) -> None:
    print(as_json(event), flush=True)


def main(folder: Path, state: Path) -> None:
    logging.basicConfig(level=logging.INFO)
    embedder = Embedder(TINY)
    with closing(Ledger(state / "ledger.db")) as ledger:
        match = Matcher(Gallery(embedder.embed([]), (), ()), embedder.card.threshold)

        def exchange(gallery: Gallery) -> None:
            match.gallery = gallery

        keeper = Keeper(folder, state / "bank.db", embedder, exchange)
        keeper.start()
        keeper.ready.wait()
        print("ready", file=sys.stderr, flush=True)
        pipeline = Pipeline(Script(), embedder.embed, match, utc, lambda: secrets.token_hex(8))
        Loop(pipeline, ledger, tell, abandoned=ledger.open_placements(), now=utc).run(frames())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
