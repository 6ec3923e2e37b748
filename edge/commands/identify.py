"""Name the product in each image; images are taken whole, as they are."""

import sys
from argparse import ArgumentParser, Namespace
from itertools import takewhile
from pathlib import Path

from edge import exit_codes
from edge.assembly import parts
from edge.assembly.enrollment import enrolled_gallery
from edge.console import answers, contact_sheet, interrupt
from edge.console.options import add_config, configuration
from edge.console.progress import hide, progress
from edge.errors import BadPhoto
from edge.images import finder
from edge.recognition import batch


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="an image file, or a folder of them")
    parser.add_argument(
        "--how",
        choices=("auto", "one", "batch", "fused"),
        default="auto",
        metavar="WAY",
        help="one after the other, batch (side by side), fused (the match inside the model), or auto; same answers",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_const", dest="form", const="json", help="print JSON, a line an image")
    form.add_argument("--csv", action="store_const", dest="form", const="csv", help="print CSV, a row an image")
    parser.add_argument(
        "--sheet", type=Path, metavar="FILE.jpg", help="draw the images with their answers too; then FILE-2.jpg, …"
    )
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print a line for each image in the order given; return 1 if some could not be used, 130 after Ctrl-C."""

    config = configuration(args)
    embedder = parts.embedder(config)
    named = {"enroll_named": args.enroll is not None, "state_named": args.state is not None}
    gallery = enrolled_gallery(config, embedder, progress("photos"), **named)
    matcher = parts.matcher(config, embedder, gallery)
    print_answer = answers.answer_printer(args.form)
    show, total = progress("images"), sum(1 for _ in finder.find(args.images))
    name = batch.identifier(args.how, total, config.model, embedder, matcher)
    done = failed = 0
    with interrupt.noted() as interrupted, contact_sheet.sheets(args.sheet) as draw:
        files = takewhile(lambda _: not interrupted, finder.find(args.images))
        for each in name(files):
            if sys.stdout.isatty() or each.answer is None:
                hide()
            if isinstance(each.crop, BadPhoto):
                failed += 1
                print(f"bottlebank: {each.crop}", file=sys.stderr)
            print_answer(each)
            draw(each)
            done += 1
            show(done, max(done, total))
    if interrupted:
        print(f"bottlebank: stopped by Ctrl-C after {done} of {total} images", file=sys.stderr)
        return exit_codes.INTERRUPTED
    return exit_codes.SOME_FAILED if failed else exit_codes.OK
