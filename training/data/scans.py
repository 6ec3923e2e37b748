"""Photos of scanned products: a mesh with its texture, seen from all sides in random light before random backgrounds.

For products that nobody trained on and that have real labels, such as those of the YCB object set (Calli et al., 2015).
The mesh is drawn as points: as many as fill its outline, nearer ones over farther ones; holes are closed afterwards.
"""

import gzip
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edge.errors import BadPhoto
from edge.images.reader import read_photo
from edge.images.writer import write_picture
from edge.types import Image
from training.data.made_up.scene import place

POINTS = 250_000
SIDE = 240
"""Pixels of the longer side of an object."""

DISTANCE = 5.0
"""Of the camera, in half sizes of the object."""

Floats = npt.NDArray[np.float64]


class Points(NamedTuple):
    """The surface: where its points are (N, 3), z up, the surface's direction there (N, 3), and RGB (N, 3)."""

    at: Floats
    normals: Floats
    colours: Floats


def write_scans(meshes: Path, out: Path, views: int, seed: int = 0) -> int:
    """Given a folder of NAME.obj.gz with NAME.jpg, write <out>/NAME/<number>.jpg and return how many products.

    Raise BadPhoto if there is no mesh or it cannot be read. The same arguments write the same photos.
    """
    files = sorted(meshes.glob("*.obj.gz"))
    if not files:
        raise BadPhoto(f"{meshes}: expected NAME.obj.gz with NAME.jpg, got no mesh")
    for number, file in enumerate(files):
        name = file.name.removesuffix(".obj.gz")
        rng = np.random.default_rng((seed, number))
        points = _points(file, read_photo(file.with_name(f"{name}.jpg")), rng)
        (out / name).mkdir(parents=True, exist_ok=True)
        for view in range(views):
            write_picture(out / name / f"{view}.jpg", place(_seen(points, rng), rng.normal(0, np.radians(4)), rng))
    return len(files)


def _points(file: Path, texture: Image, rng: np.random.Generator) -> Points:
    """Points spread evenly over the surface of a mesh."""
    rows: dict[str, list[list[str]]] = {"v": [], "vt": [], "f": []}
    try:
        with gzip.open(file, "rt", encoding="ascii") as lines:
            for line in lines:
                kind, *words = line.split() or [""]
                if kind in rows:
                    rows[kind].append(words)
        faces = np.array([[corner.split("/")[:2] for corner in words] for words in rows["f"]], int) - 1
        corners = np.array(rows["v"], float)[faces[:, :, 0]]
        on_texture = np.array(rows["vt"], float)[faces[:, :, 1]]
    except (OSError, ValueError, IndexError) as error:
        raise BadPhoto(f"{file}: expected triangles with texture coordinates; {error}") from error
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(normals, axis=1)
    chosen = rng.choice(len(faces), POINTS, p=areas / areas.sum())
    root, along = np.sqrt(rng.random(POINTS)), rng.random(POINTS)
    within = np.stack([1 - root, root * (1 - along), root * along], axis=1)[:, :, None]
    u, v = (on_texture[chosen] * within).sum(axis=1).T
    height, width = texture.shape[:2]
    rows_of, columns = ((1 - v) * height).astype(int), (u * width).astype(int)
    colours = texture[np.clip(rows_of, 0, height - 1), np.clip(columns, 0, width - 1)].astype(float)
    return Points((corners[chosen] * within).sum(axis=1), (normals / (areas[:, None] + 1e-12))[chosen], colours)


def _seen(points: Points, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """A cut-out RGBA (h, w, 4) of the object from a random side, a little from above, in random light."""
    turn = _rotation(rng.uniform(-np.pi, np.pi), 2) @ _rotation(np.radians(rng.uniform(0, 40)), 0)
    at = (points.at - points.at.mean(axis=0)) @ turn
    normals = points.normals @ turn
    scale = DISTANCE / (DISTANCE + at[:, 1] / np.abs(at).max())
    front = np.flatnonzero(normals[:, 1] < 0.05)
    front = front[np.argsort(-at[front, 1])]  # the nearest last, over the others
    x, y = at[front, 0] * scale[front], -at[front, 2] * scale[front]
    size = (SIDE - 8) / max(np.ptp(x), np.ptp(y))
    columns, rows = ((x - x.min()) * size + 4).astype(int), ((y - y.min()) * size + 4).astype(int)
    light = np.array([rng.uniform(-0.7, 0.7), -1, rng.uniform(0, 0.8)])
    ambient = rng.uniform(0.4, 0.75)
    shade = ambient + (1.15 - ambient) * np.clip(normals[front] @ light / np.linalg.norm(light), 0, 1)
    tint = rng.uniform(0.7, 1.15) * rng.uniform(0.93, 1.07, 3)
    picture = np.zeros((rows.max() + 5, columns.max() + 5, 4), np.uint8)
    picture[rows, columns, :3] = np.clip(points.colours[front] * shade[:, None] * tint, 0, 255)
    picture[rows, columns, 3] = 255
    closed = cv2.morphologyEx(picture[:, :, 3], cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    holes = ((closed > 0) & (picture[:, :, 3] == 0)).astype(np.uint8)
    picture[:, :, :3] = cv2.inpaint(np.ascontiguousarray(picture[:, :, :3]), holes, 2, cv2.INPAINT_TELEA)
    picture[:, :, 3] = closed
    return picture


def _rotation(angle: float, axis: int) -> Floats:
    """A rotation about x (0) or z (2), to be multiplied from the right."""
    c, s = np.cos(angle), np.sin(angle)
    one, two = ((1, 2), (0, 1))[axis == 2]
    rotation = np.eye(3)
    rotation[[one, one, two, two], [one, two, one, two]] = c, s, -s, c
    return rotation
