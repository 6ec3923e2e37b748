"""Report what happens in a video or a folder of images, as the service would, as fast as possible."""

import re
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from contextlib import closing
from dataclasses import replace
from itertools import count, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

from edge import exit_codes
from edge.assembly.enrollment import enrolled_gallery
from edge.assembly.replay import build
from edge.cameras.factory import open_camera
from edge.config import CameraConfig, StateConfig
from edge.console import interrupt
from edge.console.event_printer import event_printer
from edge.console.options import add_config, add_json, configuration, path
from edge.console.progress import hide, progress
from edge.errors import BadPhoto, CameraError
from edge.images.reader import read_photo
from edge.model.embedder import Embedder
from edge.types import Event, Gallery


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("media", type=path, metavar="VIDEO|FOLDER", help="a video file, or a folder of images")
    parser.add_argument(
        "--background",
        type=path,
        metavar="IMAGE",
        help="a frame of the empty scene, so that what stands there at the start is placed",
    )
    add_json(parser)
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print the events; the same media, bank and configuration give the same. Return 130 after Ctrl-C.

    The events are recorded in the ledger of the state folder that the command line names; where it names none, in a
    temporary one: those of the service stay its own. Raise BadPhoto, CameraError, BadModel or
    StoreError.
    """
    config = configuration(args)
    config = replace(config, camera=media(config.camera, args.media))
    show, numbers = progress("frames"), count(1)
    print_event, happened = event_printer("json" if args.json else None, media=True), Counter[str]()

    def on_event(event: Event) -> None:
        hide()
        print_event(event)
        happened[event.event] += 1

    def after_frame() -> None:
        show(next(numbers), None)

    def enrolled(embedder: Embedder) -> Gallery:
        named = {"enroll_named": args.enroll is not None, "state_named": args.state is not None}
        return enrolled_gallery(config, embedder, progress("photos"), **named)

    name = re.sub(r"[^\w.-]", "_", args.media.resolve().stem)
    background = None if args.background is None else read_photo(args.background)
    with TemporaryDirectory(prefix="bottlebank-") as folder, closing(open_camera(config.camera)) as camera:
        ledger = StateConfig(args.state or Path(folder)).ledger
        if background is not None and background.shape[1::-1] != camera.size:
            sizes = [f"{width}x{height}" for width, height in (background.shape[1::-1], camera.size)]
            raise BadPhoto(
                f"{args.background}: {sizes[0]} pixels, the media has {sizes[1]}; give a frame of that camera"
            )
        running = build(config, ledger, name, enrolled, on_event, after_frame, background)
        with running as replay, interrupt.noted() as interrupted:
            replay.run(takewhile(lambda _: not interrupted, camera))
            hide()
    end, summary = replay.clock.now()[11:19], ", ".join(f"{number} {kind}" for kind, number in happened.items())
    if interrupted:
        print(f"bottlebank: stopped by Ctrl-C at {end} of {args.media}; {summary or 'no events'}", file=sys.stderr)
        return exit_codes.INTERRUPTED
    if not args.json:
        print(f"{end}  end; {summary or 'no events'}")
    return exit_codes.OK


def media(camera: CameraConfig, path: Path) -> CameraConfig:
    """Given the configured camera and the path of a video or folder, return the camera that reads that instead.

    Raise CameraError if it is neither, such as a FIFO.
    """
    if not (path.is_dir() or path.is_file()):
        raise CameraError(f"{path}: no such video file or folder; give VIDEO|FOLDER another")
    return replace(camera, kind="folder" if path.is_dir() else "video", path=path)
