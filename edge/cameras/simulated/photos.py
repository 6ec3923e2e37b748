"""Enrollment photos of the simulated products."""

import numpy as np

from edge.cameras.simulated.products import Product
from edge.cameras.simulated.stage import Painter, Prop, Stage
from edge.pipeline.crop import crop
from edge.types import Box, Image

HEIGHT = 480
"""Of the picture that the photos are cut from."""


def photos(product: Product, number: int, seed: int = 0) -> list[Image]:
    """Given a product, return so many photos of it on a table, RGB, each of another side of its label."""
    rng = np.random.default_rng([seed, 7])
    painter = Painter(HEIGHT * 4 // 3, HEIGHT, rng)
    pictures = []
    for side in np.linspace(-1.2, 1.2, number):
        prop = Prop(product, rng.uniform(0.5, 0.85), 0.86, float(side))
        left, top, width, height = (round(HEIGHT * length) for length in prop.outline)
        pictures.append(crop(painter.paint(Stage([prop])), Box(left, top, width, height)).copy())
    return pictures
