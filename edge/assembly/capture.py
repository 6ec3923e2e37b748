"""Enrollment photos of what stands before the configured camera, also while the service holds it."""

from collections.abc import Callable, Generator
from contextlib import closing

from edge.assembly import parts
from edge.cameras.camera import Camera
from edge.cameras.factory import open_camera
from edge.capture.photos import MEDIA_SECONDS_TO_REST, camera_photos, service_photos
from edge.capture.turn import Progress, camera_turn, service_turn, turn_photos
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
            yield from camera_photos(camera, parts.isolator(config), every)


def turn(
    config: Config, on_progress: Callable[[Progress], None], camera_of: Callable[[CameraConfig], Camera] = open_camera
) -> list[bytes]:
    """Return JPEGs of the differing views of what is turned before the camera, from the service or without it.

    on_progress: called once a second. Raise BadModel, BadPhoto, CameraError or StoreError.
    """
    embed = parts.embedder(config).embed
    if request_snapshot(config.state.folder) is not None:
        return turn_photos(service_turn(config.state.folder), embed, on_progress)
    with closing(camera_of(config.camera)) as camera:
        pictures = camera_turn(camera, parts.isolator(config))
        if camera.live:
            return turn_photos(pictures, embed, on_progress)
        return turn_photos(pictures, embed, on_progress, MEDIA_SECONDS_TO_REST)
