"""Check the configuration, the camera, the model and the bank, and say how to fix what does not work."""

from argparse import ArgumentParser, Namespace
from functools import partial

from edge import exit_codes
from edge.checks import CHECKS, check_camera
from edge.config import SYSTEM_FILE
from edge.console.options import add_config, configuration, picture_file
from edge.errors import BadConfig, EdgeError


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "--picture",
        type=picture_file,
        metavar="FILE",
        help="write what the camera sees to this .jpg or .png, with the zones drawn that are ignored",
    )
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print one line for each part; return the exit code of the first that is at fault."""
    try:
        config = configuration(args)
    except BadConfig as error:
        for line in str(error).splitlines():
            print(f"fault  configuration  {line}")
        return exit_codes.CONFIG
    source = args.config or (SYSTEM_FILE if SYSTEM_FILE.exists() else "every key at its default")
    print(f"ok     configuration  {source}")
    code = exit_codes.OK
    checks = CHECKS | {"camera": partial(check_camera, picture=args.picture)}
    for name, check in checks.items():
        try:
            print(f"ok     {name:13}  {check(config)}", flush=True)
        except (EdgeError, OSError) as error:
            print(f"fault  {name:13}  {error}", flush=True)
            code = code or exit_codes.code(error)
    return code
