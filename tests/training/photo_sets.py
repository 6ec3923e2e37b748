"""Small sets of photos and vectors for the tests of evaluation."""

from pathlib import Path

import numpy as np

from edge.images.writer import write_picture
from training.data.photos import Photo
from training.evaluation.embedded import EmbeddedSet

COLOURS = {"cola": (200, 30, 30), "fanta": (230, 150, 20), "sprite": (30, 180, 60), "water": (60, 120, 220)}


def write_set(folder: Path, split: bool, photos: int = 6) -> Path:
    """Write flat pictures of four colours, lighter and darker: products that a mean colour tells apart."""
    generator = np.random.default_rng(0)
    for product, colour in COLOURS.items():
        for part in ("train", "test") if split else ("",):
            for number in range(photos):
                _write(folder / part / product / f"photo{number}.png", np.multiply(colour, generator.uniform(0.6, 1)))
    if split:
        for number in range(3):
            _write(folder / "not-a-product" / f"grey{number}.png", np.array([90, 90, 90 + number]))
    return folder


def mean_colour(crops) -> np.ndarray:
    """Crops to unit vectors of length 3."""
    colours = np.array([crop.mean(axis=(0, 1)) for crop in crops], np.float32).reshape(-1, 3)
    return colours / np.linalg.norm(colours, axis=1, keepdims=True)


def random_vectors(
    products: int, photos: int, separation: float, seed: int = 0, left_out=None, shared_scenes=False, split=False
) -> EmbeddedSet:
    """Unit vectors in 32 dimensions: noise of length about 1 around centres of length `separation`.

    shared_scenes: two photos of the same vector and scene each. split: the first four photos are to be enrolled, the
    others are probes.
    """
    generator = np.random.default_rng(seed)
    names = [f"p{i:02}" for i in range(products)]
    rows, listed = [], []
    for name in names:
        centre = generator.normal(size=32)
        centre *= separation / np.linalg.norm(centre)
        for photo in range(photos):
            role = ("enroll" if photo < 4 else "probe") if split else "any"
            vector = centre + generator.normal(size=32) / np.sqrt(32)
            for twin in range(1 + shared_scenes):
                rows.append(vector)
                listed.append(Photo(Path(name, f"{photo}_{twin}.png"), name, role, f"{name}/{photo}"))
    for photo in range(10):
        rows.append(generator.normal(size=32))
        listed.append(Photo(Path("other", f"{photo}.png"), "", "non-product", f"other/{photo}"))
    vectors = np.array(rows, np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return EmbeddedSet(tuple(listed), vectors, left_out, "made up")


def _write(path: Path, colour) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_picture(path, np.full((8, 6, 3), colour, np.uint8))
