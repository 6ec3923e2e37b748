"""Learn the empty scene now, so that what stands there when the service starts is reported."""

from argparse import ArgumentParser, Namespace
from contextlib import closing

from edge import exit_codes
from edge.assembly.background import learn
from edge.cameras.factory import open_camera
from edge.console.options import add_config, configuration
from edge.daemon import service_lock


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_config(parser, state=True)


def run(args: Namespace) -> int:
    """Save the scene. Raise CameraError, StoreError, or StateInUse while the service holds the camera."""
    config = configuration(args)
    with service_lock.lock(config.state.folder), closing(open_camera(config.camera)) as camera:
        learn(config, camera)
    print("the empty scene is saved; what stands there at the next start of the service is reported")
    return exit_codes.OK
