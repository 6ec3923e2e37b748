"""Show everything on a drawn scene: enroll photos, then name what is put down, turned, swapped and taken."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from edge import exit_codes
from edge.config import EnrollConfig, StateConfig
from edge.console.options import add_config, configuration, picture_file
from edge.demo.album import summary
from edge.demo.play import demo_camera, play
from edge.demo.sheet import sheet
from edge.images.writer import encode
from edge.storage.files import write_atomic


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "--output",
        type=picture_file,
        default=Path("bottlebank-demo.png"),
        metavar="FILE.png",
        help="draw each placement there, with its crop and the enrolled photo that it was named by",
    )
    add_config(parser)


def run(args: Namespace) -> int:
    """Print the events, then how they compare with what was drawn; return 1 if not all is right.

    It works in a temporary folder, as fast as possible, on the scene's clock. Raise BadModel or StoreError.
    """
    with TemporaryDirectory(prefix="bottlebank-") as folder:
        scratch = Path(folder)
        config = replace(configuration(args), enroll=EnrollConfig(scratch / "enroll"), state=StateConfig(scratch))
        score, album = play(config, demo_camera())
        lines = summary(score)
        picture = sheet(album.rows(score), lines[-1])
        write_atomic(args.output, encode(picture, args.output.suffix))
    print(*lines, f"Each of them with its photo: {args.output}", sep="\n")
    return exit_codes.OK if score.right else exit_codes.SOME_FAILED
