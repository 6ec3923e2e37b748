"""Say what a placement really was: its picture is enrolled as that product, or as no product."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from edge import exit_codes
from edge.bank.correction import correct
from edge.bank.folder import scan
from edge.bank.review import path
from edge.console.options import add_config, configuration, product
from edge.daemon.snapshot import request_snapshot
from edge.errors import BadPhoto
from edge.images.reader import decode
from edge.text import printable
from edge.types import NOT_A_PRODUCT


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("placement", type=product, metavar="PLACEMENT", help="its id, from the journal or `review`")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("product", type=product, metavar="PRODUCT", nargs="?", help="what it was")
    what.add_argument("--not-a-product", action="store_true", help="what looks like this is to stay unknown")
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Enroll the placement's picture and print its file.

    Raise BadPhoto if no picture of the placement is kept, StoreError if the folder cannot be written.
    """
    config = configuration(args)
    scan(config.enroll.folder)  # a folder that cannot be read is reported first
    photo = picture(config.state.folder, path(config.state.review, args.placement), args.placement)
    name = NOT_A_PRODUCT if args.not_a_product else args.product
    file = correct(config.enroll.folder, args.placement, name, photo)
    print(printable(f"{file}  delete it to undo this"))
    return exit_codes.OK


def picture(state: Path, file: Path, placement: str) -> bytes:
    """Given the file that a placement's picture may be in, return it from there or from the running service.

    Raise BadPhoto if there is none, or only a part of it.
    """
    if file.exists():
        photo: bytes | None = file.read_bytes()
    else:
        snapshot = request_snapshot(state, placement)
        photo = snapshot.photo if snapshot else None
    if not photo:
        raise BadPhoto(
            f"{placement}: no picture is kept; expected a placement of `bottlebank review` or of the last 50"
        )
    decode(photo)
    return photo
