"""Watch the camera, and report what is put before it and taken away, until stopped."""

import logging
from argparse import ArgumentParser, Namespace
from contextlib import closing

from edge import exit_codes
from edge.assembly import daemon, parts
from edge.cameras.factory import open_camera
from edge.console.event_printer import event_printer, logged
from edge.console.options import add_config, add_json, configuration
from edge.daemon import service_lock
from edge.daemon.clock import SystemClock
from edge.daemon.signals import handled
from edge.daemon.systemd import Notifier

log = logging.getLogger(__name__)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print the events until SIGTERM, Ctrl-C or the end of the media; SIGHUP reloads the configuration.

    Brittle on purpose: raise CameraError or BadModel, and leave the restart to systemd; StoreError if the state folder
    cannot be used, StateInUse if another service works on it.
    """
    with logged() as journal:
        on_event = journal.write if journal and not args.json else event_printer("json" if args.json else None)
        config = configuration(args)
        if warning := parts.volatile_folder(config):
            log.warning("%s", warning)
        clock = SystemClock()
        with (
            service_lock.lock(config.state.folder),
            closing(open_camera(config.camera)) as camera,
            daemon.build(config, camera, clock, Notifier(), on_event, lambda: configuration(args)) as service,
            handled(service.stop, service.reload),
        ):
            service.run(camera, clock)
    return exit_codes.OK
