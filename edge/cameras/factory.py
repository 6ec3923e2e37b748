"""The camera that the configuration names."""

from edge.cameras.camera import Camera
from edge.config import CameraConfig


def open_camera(config: CameraConfig) -> Camera:
    """Given the configuration's camera section, return that camera, open. Raise CameraError if it cannot be had.

    Only its own module is imported, so that no camera needs another's library.
    """
    camera = _opened(config)
    if config.rotate:
        from edge.cameras.rotated import RotatedCamera

        return RotatedCamera(camera, config.rotate)
    return camera


def _opened(config: CameraConfig) -> Camera:
    if config.kind == "video" and config.path:
        from edge.cameras.video import VideoCamera

        return VideoCamera(config.path, config.fps)
    if config.kind == "folder" and config.path:
        from edge.cameras.folder import FolderCamera

        return FolderCamera(config.path, config.fps)
    if config.kind == "picamera2":
        from edge.cameras.pi import PiCamera

        return PiCamera(config)
    if config.kind == "v4l2":
        from edge.cameras.v4l2 import V4L2Camera

        return V4L2Camera(config)
    from edge.cameras.simulated import SimulatedCamera

    return SimulatedCamera(config.width, config.height, config.fps, config.seed)
