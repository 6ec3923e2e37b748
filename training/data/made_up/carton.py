"""Pictures of cartons, in perspective: each face that is seen, warped into its place."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.types import Image
from training.data.made_up.artwork import fill_shape
from training.data.made_up.light import Bytes, Light
from training.data.made_up.shapes import Carton, Floats

SCALE = 256
"""Pixels to a carton's height, of its faces and about of its picture."""


def render(
    carton: Carton, faces: dict[str, Image], cap: tuple[int, int, int], yaw: float, pitch: float, light: Light
) -> Bytes:
    """Given the pictures of its faces, return the carton seen from yaw and pitch in radians, RGBA (h, w, 4)."""
    view = _Camera(carton, yaw, pitch)
    canvas = np.zeros((view.size[1], view.size[0], 4), np.uint8)
    for name, corners in _corners(carton).items():
        seen = view.project(corners)
        if name != "fin" and cv2.contourArea(seen, oriented=True) <= 0:
            continue
        normal = np.cross(corners[1] - corners[0], corners[3] - corners[0])
        across = float((view.rotation @ normal)[0] / max(np.linalg.norm(normal), 1e-9))
        shade = float(light.shade[round(127.5 + 127 * across)]) / 128
        face = cv2.convertScaleAbs(faces[name], alpha=shade * (1.1 if name in ("top", "slope") else 1))
        _lay(canvas, face, seen)
    if carton.cap:
        _screw_cap(canvas, carton, view, cap)
    return canvas


class _Camera:
    """Perspective onto a carton, and the size of the picture that holds it."""

    def __init__(self, carton: Carton, yaw: float, pitch: float) -> None:
        cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
        turned = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        self.rotation = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]]) @ turned
        self.offset = np.zeros(2)
        w, d = carton.width / 2, carton.depth / 2
        outline = self.project(np.array([[x, y, z] for x in (-w, w) for y in (0, 1.03) for z in (-d, d)]))
        low, high = outline.min(0) - 2, outline.max(0) + 2
        self.offset = low
        self.size = tuple(int(n) for n in np.ceil(high - low))

    def project(self, points: npt.NDArray[np.float64]) -> Floats:
        """(n, 3) points in heights to (n, 2) pixels."""
        seen = (points - [0, 0.5, 0]) @ self.rotation.T
        near = SCALE * 5 / (5 - seen[:, 2])
        return (np.stack([seen[:, 0] * near, -seen[:, 1] * near], 1) - self.offset).astype(np.float32)


def _corners(carton: Carton) -> dict[str, npt.NDArray[np.float64]]:
    """Each face's corners: top left, top right, bottom right, bottom left, as seen from outside."""
    w, d, h = carton.width / 2, carton.depth / 2, carton.body
    base = {"front": (-w, d, w, d), "right": (w, d, w, -d), "back": (w, -d, -w, -d), "left": (-w, -d, -w, d)}
    faces = {k: np.array([[a, h, b], [e, h, f], [e, 0, f], [a, 0, b]]) for k, (a, b, e, f) in base.items()}
    if h == 1:
        faces["top"] = np.array([[-w, 1, -d], [w, 1, -d], [w, 1, d], [-w, 1, d]])
        return faces
    if carton.kind == "slant":
        faces["slope"] = np.array([[-w, 1, -d], [w, 1, -d], [w, h, d], [-w, h, d]])
        faces["back"][:2, 1] = 1
        faces["right"][1, 1] = faces["left"][0, 1] = 1
        return faces
    ridge = h + 0.7 * (1 - h)
    e = 0.02 * w
    faces["gable right"] = np.array([[w, ridge, e], [w, ridge, -e], [w, h, -d], [w, h, d]])
    faces["gable left"] = np.array([[-w, ridge, -e], [-w, ridge, e], [-w, h, d], [-w, h, -d]])
    faces["back slope"] = np.array([[w, ridge, 0], [-w, ridge, 0], [-w, h, -d], [w, h, -d]])
    faces["slope"] = np.array([[-w, ridge, 0], [w, ridge, 0], [w, h, d], [-w, h, d]])
    faces["fin"] = np.array([[-w, 1, 0], [w, 1, 0], [w, ridge, 0], [-w, ridge, 0]])
    return faces


def _lay(canvas: Bytes, face: npt.NDArray[Any], corners: Floats) -> None:
    height, width = face.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    low, high = np.floor(corners.min(0)).astype(int), np.ceil(corners.max(0)).astype(int)
    low, high = np.maximum(low, 0), np.minimum(high, canvas.shape[1::-1])
    if (high <= low).any():
        return
    part = canvas[low[1] : high[1], low[0] : high[0]]
    corners = corners - low.astype(np.float32)
    transform = cv2.getPerspectiveTransform(source, corners)
    drawn = cv2.warpPerspective(face, transform, (part.shape[1], part.shape[0]), borderMode=cv2.BORDER_REPLICATE)
    opaque = np.zeros(part.shape[:2], np.uint8)
    cv2.fillConvexPoly(opaque, np.round(corners).astype(np.int32), 255)
    np.copyto(part, np.dstack([drawn, opaque]), where=opaque[:, :, None] > 0)


def _screw_cap(canvas: Bytes, carton: Carton, view: _Camera, colour: tuple[int, int, int]) -> None:
    """A short cylinder on the slope, or on the top towards the back."""
    corners = _corners(carton)
    face = corners["slope" if "slope" in corners else "top"]
    across, up = face[1] - face[0], face[0] - face[3]
    normal = np.cross(across, up)
    normal = normal / np.linalg.norm(normal)
    centre = face.mean(0) + (0 if carton.body < 1 else 0.15) * up
    radius = 0.17 * carton.width
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)[:, None]
    ring = radius * (np.cos(angle) * across / np.linalg.norm(across) + np.sin(angle) * up / np.linalg.norm(up))
    low, high = view.project(centre + ring), view.project(centre + ring + 0.35 * radius * normal)
    dark = [round(0.7 * c) for c in colour]
    fill_shape(canvas, cv2.convexHull(np.vstack([low, high])), (*dark, 255))
    fill_shape(canvas, high, (*colour, 255))
