"""Show all of it on a drawn scene: photos are enrolled, things put down, turned, swapped and taken away, and named."""

from argparse import ArgumentParser, Namespace
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from edge import exit_codes
from edge.config import EnrollConfig, StateConfig
from edge.console.options import add_config, configuration

SIZE, FPS, SEED = (960, 540), 10.0, 1
PHOTOS = 4
"""Of each product."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the verb's options."""
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("bottlebank-demo.png"),
        metavar="FILE.png",
        help="draw each placement there, with its crop and the enrolled photo that it was named by",
    )
    add_config(parser)


def run(args: Namespace) -> int:
    """Print the events, then how they compare with what was drawn; return 1 if not all is right.

    It works in a folder of its own, as fast as it goes, on the scene's clock. Raise BadModel or StoreError.
    """
    from edge import assembly
    from edge.bank.store import Bank
    from edge.cameras.simulated import SimulatedCamera, demo_scene, score
    from edge.console import contact_sheet
    from edge.console.event_printer import teller
    from edge.console.progress import hide, progress
    from edge.daemon.clock import MediaClock
    from edge.daemon.loop import Loop
    from edge.demo.album import Album, summary
    from edge.demo.sheet import sheet
    from edge.events.ledger import Ledger
    from edge.isolation.isolator import Isolator
    from edge.types import Event

    contact_sheet.check(args.output, "--output")
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="bottlebank-")))
        config = replace(configuration(args), enroll=EnrollConfig(scratch / "enroll"), state=StateConfig(scratch))
        embedder = assembly.embedder(config)
        products = draw_photos(config.enroll.folder)
        with Bank(config.state.bank) as bank:
            assembly.synced(config, bank, embedder)
            matcher = assembly.matcher(config, embedder, bank.gallery(embedder.card.id))
        print(f"Enrolled, by {PHOTOS} photos each: {', '.join(products)}.", flush=True)

        camera = stack.enter_context(closing(SimulatedCamera(*SIZE, FPS, SEED, demo_scene)))
        ledger = stack.enter_context(closing(Ledger(config.state.ledger)))
        clock, ids, shown, done = MediaClock(), count(1), progress("frames"), count(1)
        pipeline = assembly.pipeline(config, Isolator(), embedder, matcher, clock.now, lambda: f"demo-{next(ids)}")
        tell, album = teller(json=False), Album(config.enroll.folder)

        def note(event: Event) -> None:
            hide()
            tell(event)
            album.note(event)

        loop = Loop(pipeline, ledger, note, alive=lambda: shown(next(done), None), now=clock.now)
        loop.run(album.follow(clock.follow(camera)))
        hide()
        result = score(camera.truth, [event for _, event in ledger.events()])
        lines = summary(result)
        contact_sheet.save(args.output, sheet(album.rows(result), lines[-1]))
        print(*lines, f"Each of them with its photo: {args.output}", sep="\n")
    return exit_codes.OK if result.right else exit_codes.SOME_FAILED


def draw_photos(folder: Path) -> list[str]:
    """Given the enrollment folder, fill it with drawn photos, and return the products."""
    from edge.cameras.simulated import ENROLLED, photos
    from edge.images.writer import write_picture

    for product in ENROLLED:
        (folder / product.name).mkdir(parents=True)
        for number, photo in enumerate(photos(product, PHOTOS), 1):
            write_picture(folder / product.name / f"{number}.png", photo)
    return [product.name for product in ENROLLED]
