"""Say how many placements get the right name, a wrong one or none, and which products look alike."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace

from edge import exit_codes
from edge.assembly import parts
from edge.assembly.enrollment import enrolled_gallery
from edge.console import calibration
from edge.console.options import add_config, add_json, configuration, output_file
from edge.console.progress import progress
from edge.errors import BadModel
from edge.images.writer import write_picture
from edge.recognition.expected import Estimate
from edge.types import NOT_A_PRODUCT

FALSE_ACCEPTS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
"""The rows of the table, beside the installed share."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)
    plot = output_file(".png", ".jpg", ".jpeg")
    parser.add_argument("--plot", type=plot, metavar="FILE.png", help="draw the table as a picture too")
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print the table, what the installed setting means, and which products are not told apart.

    Raise BadModel if the model has no cohort, or StoreError.
    """
    config = configuration(args)
    embedder = parts.embedder(config)
    named = {"enroll_named": args.enroll is not None, "state_named": args.state is not None}
    gallery = enrolled_gallery(config, embedder, progress("photos"), **named)
    parts.log_not_enrolled(config.match, gallery)
    rule = parts.matcher(config, embedder, parts.empty_gallery(embedder)).rule
    if rule.cohort is None:
        expected = config.model.path.with_suffix(".cohort.npz")
        raise BadModel(f"model {config.model.path}: it has no cohort; expected {expected.name} beside it")
    if not gallery.rows.keys() - {NOT_A_PRODUCT}:
        print("nothing is enrolled")
        return exit_codes.OK
    estimate = Estimate(gallery)
    installed = estimate.at(rule)
    shares = sorted({*FALSE_ACCEPTS, rule.false_accepts})
    curve = [estimate.at(replace(rule, threshold=None, products={}, false_accepts=share)) for share in shares]
    if args.json:
        print(calibration.as_json(curve, installed, estimate.confused()))
    else:
        print("\n".join(calibration.as_lines(curve, installed, estimate.confused())))
    if args.plot:
        write_picture(args.plot, calibration.plot(curve, installed))
    return exit_codes.OK
