"""Watch the camera, and say what is put before it and taken away, until it is stopped."""

import logging
import signal
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial

from edge import exit_codes
from edge.config import Config
from edge.console.options import add_config, add_json, configuration
from edge.console.text import count
from edge.errors import BadConfig

log = logging.getLogger(__name__)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the verb's options."""
    add_json(parser)
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print the events until SIGTERM, Ctrl-C or the end of the media; SIGHUP has the thresholds read again.

    READY is said when camera, model and bank have done their part for a first frame. Brittle on purpose: raise
    CameraError or BadModel, and leave it to systemd to start again; StoreError if the state folder cannot be used.
    """
    from edge import assembly
    from edge.bank.sync_thread import SyncThread
    from edge.cameras.factory import open_camera
    from edge.cameras.latest import latest
    from edge.console.event_printer import logged, teller
    from edge.daemon.clock import paced, utc
    from edge.daemon.lifecycle import Lifecycle
    from edge.daemon.live_view import ObservedIsolator
    from edge.daemon.loop import Loop
    from edge.daemon.snapshot import SnapshotServer
    from edge.daemon.systemd import Notifier
    from edge.events.format import as_message
    from edge.events.ids import ids
    from edge.events.ledger import Ledger
    from edge.types import Event, Gallery

    notifier = Notifier()
    with ExitStack() as stack:
        journal = stack.enter_context(logged())
        tell = journal.tell if journal and not args.json else teller(args.json)
        config = configuration(args)
        if loss := assembly.perishable(config):
            log.warning("%s", loss)
        embedder = assembly.embedder(config)
        camera = stack.enter_context(closing(open_camera(config.camera)))
        ledger = stack.enter_context(closing(Ledger(config.state.ledger)))
        isolator = assembly.isolator(config.state)
        standing = ObservedIsolator(isolator)
        hatch = stack.enter_context(closing(SnapshotServer(config.state.folder)))
        matcher = assembly.matcher(config, embedder, assembly.nothing(embedder))

        def exchange(gallery: Gallery) -> None:
            matcher.exchange(gallery)
            photos, products = count(len(gallery.photos), "photo"), count(len(set(gallery.products)), "product")
            notifier.status(f"{photos} of {products} enrolled")

        scene = assembly.scene(camera.size, isolator)
        keeper = SyncThread(config.enroll.folder, config.state.bank, embedder, exchange, scene)
        stack.callback(keeper.close)
        keeper.start()
        while keeper.is_alive() and not keeper.ready.wait(0.5):
            pass

        def note(event: Event) -> None:
            tell(event)
            notifier.status(as_message(event))

        def reload() -> None:
            if new := reread(args, config):
                matcher.threshold, matcher.thresholds = assembly.threshold(new.match, embedder), new.match.products

        duties = Lifecycle(keeper, notifier, reload)

        def after_frame() -> None:
            hatch(standing.view)
            duties()

        keep = partial(assembly.keep, config.state, camera.size, isolator)
        pipeline = assembly.pipeline(config, standing, embedder, matcher, utc, partial(next, ids()))
        loop = Loop(pipeline, ledger, note, keep, after_frame, ledger.open_placements(), utc)

        def stop(number: int, frame: object) -> None:
            notifier.stopping()
            loop.stop()
            if number == signal.SIGINT:
                signal.signal(number, signal.default_int_handler)  # for the impatient

        for number, handler in ((signal.SIGTERM, stop), (signal.SIGINT, stop), (signal.SIGHUP, duties.hang_up)):
            if number != signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:  # as in a script's background
                stack.callback(signal.signal, number, signal.signal(number, handler))
        frames = stack.enter_context(closing(latest(iter(camera)) if camera.live else paced(camera)))
        stack.callback(notifier.stopping)
        loop.run(frames)
    return exit_codes.OK


def reread(args: Namespace, config: Config) -> Config | None:
    """Given the options and the configuration of the start, return that of now; None, with a warning, if faulty."""
    try:
        new = configuration(args)
    except BadConfig as error:
        for line in str(error).splitlines():
            log.warning("%s; the former configuration stays in force", line)
        return None
    if replace(new, match=replace(config.match, threshold=new.match.threshold, products=new.match.products)) != config:
        log.warning("of the configuration only thresholds change while it runs; the rest at the next start")
    return new
