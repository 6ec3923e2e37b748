"""Say what happens in a video or a folder of images, as the service would, as fast as it goes."""

import re
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import count, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

from edge import exit_codes
from edge.config import CameraConfig, StateConfig
from edge.console.options import add_config, add_json, configuration


def add_arguments(parser: ArgumentParser) -> None:
    """Add the verb's options."""
    parser.add_argument("media", type=Path, metavar="VIDEO|FOLDER", help="a video file, or a folder of images")
    add_json(parser)
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print the events; the same media, bank and configuration give the same. Return 130 after Ctrl-C.

    The empty scene is learned from the media, and not kept. The events are recorded in the ledger of the state folder
    that the command line names; where it names none, in one made for this once: those of the service stay its own.
    Raise CameraError, BadModel or StoreError.
    """
    from edge import assembly
    from edge.cameras.factory import open_camera
    from edge.console import interrupt
    from edge.console.event_printer import teller
    from edge.console.progress import hide, progress
    from edge.daemon.clock import MediaClock
    from edge.daemon.loop import Loop
    from edge.events.ledger import Ledger
    from edge.isolation.isolator import Isolator
    from edge.types import Event

    config = configuration(args)
    with ExitStack() as stack:
        camera = stack.enter_context(closing(open_camera(media(config.camera, args.media))))
        embedder = assembly.embedder(config)
        matcher = assembly.matcher(config, embedder, assembly.enrolled(config, embedder, args))
        state = StateConfig(args.state or Path(stack.enter_context(TemporaryDirectory(prefix="bottlebank-"))))
        ledger = stack.enter_context(closing(Ledger(state.ledger)))
        clock, ids = MediaClock(), numbered(args.media, ledger.counts().get("placed", 0))
        pipeline = assembly.pipeline(config, Isolator(), embedder, matcher, clock.now, ids)
        interrupted = stack.enter_context(interrupt.noted())
        tell, told = teller(args.json), Counter[str]()

        def note(event: Event) -> None:
            hide()
            tell(event)
            told[event.event] += 1

        show, done = progress("frames"), count(1)
        frames = takewhile(lambda _: not interrupted, clock.follow(camera))
        Loop(pipeline, ledger, note, alive=lambda: show(next(done), None), now=clock.now).run(frames)
        hide()
    kinds = ", ".join(f"{number} {kind}" for kind, number in told.items()) or "nothing happened"
    if interrupted:
        print(f"bottlebank: stopped by Ctrl-C at {clock.now()[11:19]} of {args.media}; {kinds}", file=sys.stderr)
        return exit_codes.INTERRUPTED
    if not args.json:
        print(f"{clock.now()[11:19]}  the end; {kinds}")
    return exit_codes.OK


def media(camera: CameraConfig, path: Path) -> CameraConfig:
    """Given the configured camera and the path of a video or folder, return the camera that reads that instead."""
    return replace(camera, kind="folder" if path.is_dir() else "video", path=path)


def numbered(path: Path, after: int) -> Callable[[], str]:
    """Given media and how many placements there were before, return a source of ids, the same for the same media."""
    name, numbers = re.sub(r"[^\w.-]", "_", path.resolve().stem), count(after + 1)
    return lambda: f"{name}-{next(numbers)}"
