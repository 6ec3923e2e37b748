"""Media played through the daemon's loop on their own clock, as fast as they go."""

from collections.abc import Callable, Iterable

from edge.assembly import parts
from edge.config import Config
from edge.daemon.clock import MediaClock
from edge.daemon.loop import Loop
from edge.events.ledger import Ledger
from edge.isolation.isolator import Isolator
from edge.model.embedder import Embedder
from edge.types import Event, Frame, Gallery


class Replay:
    """One run over media; the empty scene is learned from them and not saved.

    clock: the time in the media. The same media, gallery and configuration give the same events.
    """

    def __init__(
        self,
        config: Config,
        embedder: Embedder,
        gallery: Gallery,
        ledger: Ledger,
        new_id: Callable[[], str],
        on_event: Callable[[Event], None],
        after_frame: Callable[[], None],
    ) -> None:
        """Given what is enrolled and where events are recorded, be ready to `run`.

        new_id: names a placement. on_event: called with each recorded event; after_frame: after each processed frame.
        """
        self.clock = MediaClock()
        isolator = Isolator(ignore=config.isolation.ignore)
        matcher = parts.matcher(config, embedder, gallery)
        pipeline = parts.pipeline(config, isolator, embedder, matcher, self.clock.now, new_id)
        self._loop = Loop(pipeline, ledger, on_event, after_frame=after_frame, now=self.clock.now)

    def run(self, frames: Iterable[Frame]) -> None:
        """Given the frames of a camera that is not live, process all. Raise CameraError or StoreError."""
        self._loop.run(self.clock.follow(frames))
