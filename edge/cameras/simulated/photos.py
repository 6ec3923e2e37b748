"""Enrollment photos of the simulated products."""

import numpy as np

from edge.cameras.simulated.products import Product
from edge.cameras.simulated.sensor import Sensor
from edge.cameras.simulated.stage import Painter, Prop, Stage
from edge.images.crop import crop
from edge.types import Box, Image

HEIGHT = 480
"""Of the picture that the photos are cut from."""


def photos(product: Product, number: int, seed: int = 0) -> list[Image]:
    """Given a product, return so many photos of it on a table, RGB, each of another side of it and in another light."""
    rng = np.random.default_rng([seed, 7])
    size = HEIGHT * 4 // 3, HEIGHT
    painter, sensor = Painter(*size, rng), Sensor(*size, rng)
    pictures = []
    for side in np.linspace(-1.2, 1.2, number):
        prop = Prop(product, rng.uniform(0.5, 0.85), 0.86, float(side))
        level = rng.uniform(0.75, 1.1)
        stage = Stage([prop], light=(level, level, level))
        box = Box(*(round(HEIGHT * length) for length in prop.outline))
        pictures.append(crop(sensor(painter.paint(stage), stage, 0.0), box).copy())
    return pictures
