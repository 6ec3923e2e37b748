"""Take enrollment photos of the one object that stands before the camera, also while the service runs."""

from argparse import ArgumentParser, Namespace
from contextlib import closing

from edge import exit_codes
from edge.assembly import capture
from edge.bank.folder import scan
from edge.capture.turn import Progress
from edge.capture.writer import write_photos
from edge.console.options import add_config, at_least_one, configuration, product, seconds
from edge.text import count, printable


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("product", type=product, metavar="PRODUCT", help="the product that stands there")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--photos", type=at_least_one, default=4, metavar="N", help="how many photos are taken")
    how.add_argument(
        "--turn", action="store_true", help="take the differing views while it is turned for ten seconds, at most 16"
    )
    parser.add_argument(
        "--every", type=seconds, default=1.0, metavar="SECONDS", help="time between two, in which it may be turned"
    )
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Write the photos under the next free numbers of the product, and print a line for each.

    Raise BadPhoto if nothing stands there, or several things do; StoreError if the folder cannot be written;
    CameraError.
    """
    config = configuration(args)
    scan(config.enroll.folder)  # a folder that cannot be read is reported before the camera is opened
    folder = config.enroll.folder / args.product
    if args.turn:
        print("turn it slowly, once around, and take your hands away now and then", flush=True)
        views = capture.turn(config, show)
        for path in write_photos(views, folder, len(views)):
            print(printable(str(path)), flush=True)
        return exit_codes.OK
    with closing(capture.photos(config, args.every)) as photos:
        for taken, path in enumerate(write_photos(photos, folder, args.photos), 1):
            print(printable(f"{path}  {taken} of {args.photos}"), flush=True)
    return exit_codes.OK


def show(progress: Progress) -> None:
    """Print how far a turn is."""
    advice = "the turn is complete" if progress.complete else "keep turning"
    line = (
        f"{progress.t:2.0f} s  {count(progress.views, 'view')}, {progress.known:.0%} of what is seen is known; {advice}"
    )
    print(line, flush=True)
