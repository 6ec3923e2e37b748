"""Enrollment photos of what stands before the configured camera, which the service may hold meanwhile."""

from collections.abc import Callable, Generator
from contextlib import closing

from edge.assembly import parts
from edge.cameras.camera import Camera
from edge.cameras.factory import open_camera
from edge.capture.photos import camera_photos, service_photos
from edge.config import CameraConfig, Config
from edge.daemon.snapshot import request_snapshot


def photos(
    config: Config, every: float, camera_of: Callable[[CameraConfig], Camera] = open_camera
) -> Generator[bytes, None, None]:
    """Given seconds between two photos, yield JPEGs from the running service, or from the camera where none runs.

    Raise BadPhoto, CameraError or StoreError.
    """
    if request_snapshot(config.state.folder) is not None:
        yield from service_photos(config.state.folder, every)
    else:
        with closing(camera_of(config.camera)) as camera:
            yield from camera_photos(camera, parts.isolator(config.state), every)
