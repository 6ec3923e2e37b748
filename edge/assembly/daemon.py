"""The service: every real part of it, from the camera to the ledger."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial

from edge.assembly import parts
from edge.assembly.reload import Reload
from edge.bank.review import ReviewStore
from edge.bank.sync_thread import SyncThread
from edge.cameras.camera import Camera
from edge.config import Config
from edge.daemon.clock import Clock
from edge.daemon.lifecycle import Lifecycle
from edge.daemon.live_view import ObservedIsolator
from edge.daemon.loop import Loop
from edge.daemon.snapshot import SnapshotServer
from edge.daemon.systemd import Notifier
from edge.events.format import as_message
from edge.events.ids import ids
from edge.events.ledger import Ledger
from edge.text import count
from edge.types import NOT_A_PRODUCT, Event, Gallery, Image

log = logging.getLogger(__name__)


def amount(gallery: Gallery) -> str:
    """Given what is enrolled, return how much it is."""
    photos = count(len(set(gallery.photos)), "photo")
    products = count(len(gallery.rows.keys() - {NOT_A_PRODUCT}), "product")
    return f"{photos} of {products}"


class Daemon:
    """Watches the camera until its frames end or `stop` is called; `stop` and `reload` may be signal handlers."""

    def __init__(self, loop: Loop, lifecycle: Lifecycle, notifier: Notifier) -> None:
        self._loop, self._lifecycle, self._notifier = loop, lifecycle, notifier

    def run(self, camera: Camera, clock: Clock) -> None:
        """Process the camera's frames. Raise CameraError, BadModel or StoreError."""
        try:
            with closing(clock.follow(camera)) as frames:
                self._loop.run(frames)
        finally:
            self._notifier.stopping()

    def stop(self) -> None:
        """Leave after the current frame."""
        self._notifier.stopping()
        self._loop.stop()

    def reload(self) -> None:
        """Read the configuration again after the current frame."""
        self._lifecycle.ask_reload()


@contextmanager
def build(
    config: Config,
    camera: Camera,
    clock: Clock,
    notifier: Notifier,
    on_event: Callable[[Event], None],
    read_config: Callable[[], Config],
) -> Iterator[Daemon]:
    """Given an open camera and what the configuration names, yield the daemon, its bank opened and handed over.

    on_event: called with each recorded event. read_config: returns the configuration as it is now, for a reload.
    READY is sent once camera, model and bank have processed a first frame. Raise BadModel or StoreError.
    """
    with ExitStack() as stack:
        embedder = parts.embedder(config)
        ledger = stack.enter_context(closing(Ledger(config.state.ledger, only_writer=True)))
        isolator = parts.isolator(config)
        observed = ObservedIsolator(isolator)
        snapshots = stack.enter_context(closing(SnapshotServer(config.state.folder, clock.now)))
        matcher = parts.matcher(config, embedder, parts.empty_gallery(embedder))

        def use_gallery(gallery: Gallery) -> None:
            matcher.exchange(gallery)
            notifier.status(f"{amount(gallery)} enrolled")

        view = parts.camera_view(camera.size, isolator)
        video = parts.video_reader()
        sync_thread = SyncThread(config.enroll.folder, config.state.bank, embedder, use_gallery, view, video)
        stack.callback(sync_thread.close)
        sync_thread.start()
        while sync_thread.is_alive() and not sync_thread.ready.wait(0.5):
            pass
        name, (width, height) = parts.camera_name(config.camera), camera.size
        log.info("watching %s, %dx%d pixels; the bank holds %s", name, width, height, amount(matcher.gallery))
        if not isolator.state():
            log.info("the empty scene is learned now: what stands there at the start is taken as part of it")

        def event(event: Event) -> None:
            on_event(event)
            notifier.status(as_message(event))

        parts.log_not_enrolled(config.match, matcher.gallery)
        lifecycle = Lifecycle(
            sync_thread, notifier, Reload(config, read_config, matcher, embedder), lambda: isolator.trouble
        )

        def after_frame() -> None:
            snapshots(observed.view, observed.turning_crop, review.recent)
            lifecycle()

        review = ReviewStore(config.state.review)

        def answer(event: Event, crop: Image) -> None:
            if event.match:
                review.keep(event.placement, crop, event.match)

        pipeline = parts.pipeline(config, observed, embedder, matcher, clock.now, partial(next, ids()), answer)
        save = partial(parts.save_scene, config.state, camera.size, isolator)
        loop = Loop(pipeline, ledger, event, save, after_frame, ledger.open_placements(), clock.now)
        yield Daemon(loop, lifecycle, notifier)
