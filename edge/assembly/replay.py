"""Media played through the daemon's loop on their own clock, as fast as they go."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from edge.assembly import parts
from edge.config import Config
from edge.daemon.clock import MediaClock
from edge.daemon.loop import Loop
from edge.events.ledger import Ledger
from edge.isolation.isolator import Isolator
from edge.model.embedder import Embedder
from edge.types import Event, Frame, Gallery, Image


class Replay:
    """One run over media. ledger: where its events are recorded. clock: the time in the media."""

    def __init__(self, loop: Loop, ledger: Ledger, clock: MediaClock) -> None:
        self._loop, self.ledger, self.clock = loop, ledger, clock

    def run(self, frames: Iterable[Frame]) -> None:
        """Given the frames of a camera that is not live, process all. Raise CameraError or StoreError."""
        self._loop.run(self.clock.follow(frames))


@contextmanager
def build(
    config: Config,
    ledger: Path,
    name: str,
    gallery_of: Callable[[Embedder], Gallery],
    on_event: Callable[[Event], None],
    after_frame: Callable[[], None],
    background: Image | None = None,
) -> Iterator[Replay]:
    """Given the configuration and the path of a ledger, yield the replay; the empty scene is learned and not saved.

    The same media, gallery and configuration give the same events. name: what the ids of placements start with.
    gallery_of: given the model, returns what is enrolled. on_event: called with each recorded event. after_frame:
    called after each processed frame. background: a frame of the empty scene, for media that begin with
    objects in view. Raise BadModel or StoreError.
    """
    embedder = parts.embedder(config)
    matcher = parts.matcher(config, embedder, gallery_of(embedder))
    with closing(Ledger(ledger)) as opened:
        clock, numbers = MediaClock(), count(opened.counts().get("placed", 0) + 1)
        zones = config.isolation.ignore
        isolator = Isolator(ignore=zones)
        if background is not None:
            isolator = Isolator.with_background(background, ignore=zones)
        pipeline = parts.pipeline(config, isolator, embedder, matcher, clock.now, lambda: f"{name}-{next(numbers)}")
        yield Replay(Loop(pipeline, opened, on_event, after_frame=after_frame, now=clock.now), opened, clock)
