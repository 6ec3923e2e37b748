"""A film that stands for the camera, and photos of the products in it."""

import os
from pathlib import Path

import cv2

from edge.cameras.simulated import SimulatedCamera, demo_scene
from edge.demo.photos import draw_photos
from tests.boot.enrollment import ENROLL

SIZE, FPS, SEED = (640, 360), 10, 1
FILM = "/srv/film.mp4"
CONFIG = f"camera: {{kind: video, path: {FILM}}}\n"


def draw(path: Path) -> Path:
    """Film the scene of the demonstration."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
    assert writer.isOpened()
    for frame in SimulatedCamera(*SIZE, FPS, SEED, demo_scene):
        writer.write(cv2.cvtColor(frame.image, cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def furnish(tree: Path, film: Path) -> list[str]:
    """Given a tree with the service, put film and photos in, and return the products that the photos show."""
    (tree / FILM[1:]).write_bytes(film.read_bytes())
    (tree / "etc/bottlebank/bottlebank.yaml").write_text(CONFIG)
    enroll = tree / ENROLL[1:]
    products = draw_photos(enroll)
    for path in enroll.rglob("*"):
        os.chown(path, 1000, -1)
        path.chmod(0o755 if path.is_dir() else 0o644)
    return products
