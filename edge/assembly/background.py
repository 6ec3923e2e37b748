"""The empty scene, learned on request."""

from edge.assembly import parts
from edge.cameras.camera import Camera
from edge.config import Config
from edge.errors import CameraError, StoreError
from edge.isolation.isolator import Isolator

SECONDS = 5.0
"""For which the scene is watched: exposure settles, and noise is averaged away."""


def learn(config: Config, camera: Camera) -> None:
    """Given an open camera that sees the empty scene, save that scene for the service.

    Raise CameraError if it shows nothing, StoreError if the state folder cannot be written.
    """
    isolator, until = Isolator(ignore=config.isolation.ignore), None
    for frame in camera:
        until = frame.t + SECONDS if until is None else until
        isolator.step(frame)
        if frame.t >= until:
            break
    if not isolator.state():
        raise CameraError("the camera shows only darkness; switch the light on, and try again")
    try:
        parts.save_scene(config.state, camera.size, isolator)
    except OSError as error:
        raise StoreError(f"{config.state.folder}: {error.strerror}; the scene is not saved") from error
