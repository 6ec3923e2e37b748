"""Name the product in each image; images are taken whole, as they are."""

import sys
from argparse import ArgumentParser, Namespace
from itertools import takewhile

from edge import exit_codes
from edge.assembly import parts
from edge.assembly.enrollment import enrolled_gallery
from edge.console import answers, interrupt
from edge.console.contact_sheet import ContactSheets
from edge.console.options import add_config, configuration, path, picture_file
from edge.console.progress import hide, progress
from edge.errors import BadArguments, BadPhoto
from edge.images import finder
from edge.images.reader import SUFFIXES
from edge.recognition import batch
from edge.text import count


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("images", nargs="+", type=path, metavar="IMAGE", help="an image file, or a folder of them")
    parser.add_argument(
        "--how",
        choices=("auto", "one", "batch", "fused"),
        default="auto",
        metavar="WAY",
        help="one after the other, batch (side by side), fused (the match inside the model), or auto; same answers",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_const", dest="form", const="json", help="print JSON, one line per image")
    form.add_argument("--csv", action="store_const", dest="form", const="csv", help="print CSV, one row per image")
    parser.add_argument(
        "--sheet",
        type=picture_file,
        metavar="FILE.jpg",
        help="draw the images with their answers too; then FILE-2.jpg, …",
    )
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print a line for each image in the order given; return 1 if some could not be used, 130 after Ctrl-C.

    Raise BadArguments if there are no images, BadModel or StoreError.
    """
    config = configuration(args)
    sheets = ContactSheets(args.sheet) if args.sheet else None
    show, total = progress("images"), sum(1 for _ in finder.find(args.images))
    if not total:
        raise BadArguments(f"{args.images[0]}: no images in it; expected {', '.join(sorted(SUFFIXES))}")
    embedder = parts.embedder(config)
    named = {"enroll_named": args.enroll is not None, "state_named": args.state is not None}
    gallery = enrolled_gallery(config, embedder, progress("photos"), **named)
    matcher = parts.matcher(config, embedder, gallery)
    parts.log_not_enrolled(config.match, gallery)
    identify = batch.identifier(args.how, total, config.model, embedder, matcher)
    print_answer, summary = answers.answer_printer(args.form), answers.Summary()
    with interrupt.noted() as interrupted:
        for answer in identify(takewhile(lambda _: not interrupted, finder.find(args.images))):
            if sys.stdout.isatty() or answer.answer is None:
                hide()
            if isinstance(answer.crop, BadPhoto):
                print(f"bottlebank: {answer.crop}", file=sys.stderr)
            print_answer(answer)
            summary.add(answer)
            if sheets:
                sheets.add(answer)
            show(summary.done, max(summary.done, total))
    if sheets:
        sheets.close()
    stopped = f"stopped by Ctrl-C after {summary.done} of " if interrupted else ""
    for line in [f"{stopped}{count(total, 'image')}: {summary}", *(sheets.written if sheets else ())]:
        print(f"bottlebank: {line}", file=sys.stderr)
    if interrupted:
        return exit_codes.INTERRUPTED
    return exit_codes.SOME_FAILED if summary.failed else exit_codes.OK
