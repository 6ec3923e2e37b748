"""Take enrollment photos of the one object that stands before the camera, also while the service runs."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from contextlib import closing

from edge import exit_codes
from edge.assembly import capture
from edge.bank.folder import scan
from edge.capture.writer import write_photos
from edge.console.options import add_config, at_least_one, configuration, seconds
from edge.text import printable


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("product", type=product, metavar="PRODUCT", help="the product that stands there")
    parser.add_argument("--photos", type=at_least_one, default=4, metavar="N", help="how many photos are taken")
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
    with closing(capture.photos(config, args.every)) as photos:
        for taken, path in enumerate(write_photos(photos, config.enroll.folder / args.product, args.photos), 1):
            print(printable(f"{path}  {taken} of {args.photos}"), flush=True)
    return exit_codes.OK


def product(text: str) -> str:
    """Given what the command line names, return it if it can be a folder. Raise ArgumentTypeError."""
    if not text.strip() or text.startswith(".") or "/" in text or "\0" in text:
        raise ArgumentTypeError(f"expected a name without a slash or a leading dot, got {text!r}")
    return text
