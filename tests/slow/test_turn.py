"""A drawn bottle turned before a drawn camera, by a hand that comes and goes, on the shipped model."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from edge.cameras.simulated.products import CATALOGUE, Product
from edge.cameras.simulated.sensor import Sensor
from edge.cameras.simulated.stage import Hand, Painter, Prop, Stage
from edge.capture.turn import camera_turn, turn_photos
from edge.config import ModelConfig
from edge.images.crop import alone, crop
from edge.images.reader import decode
from edge.isolation.isolator import Isolator
from edge.model.embedder import Embedder
from edge.types import Frame, Image, Vectors

SIZE = 640, 360
SIDES = 24


class Turning:
    """A camera: a second of an empty scene, a second of a hand that brings the product, then one turn in 10 seconds."""

    live, size = False, SIZE

    def __init__(self, product: Product, seed: int, fps: float = 10, hands: bool = True) -> None:
        self._product, self._seed, self._fps, self._hands = product, seed, fps, hands

    def __iter__(self) -> Iterator[Frame]:
        rng = np.random.default_rng(self._seed)
        painter, sensor = Painter(*SIZE, rng), Sensor(*SIZE, rng)
        for index in range(round(12 * self._fps)):
            t, stage = index / self._fps, Stage()
            prop = Prop(self._product, 0.9, 0.85, side=2 * np.pi * max(0.0, t - 2) / 10)
            if t >= 1:
                stage.props = [prop]
                if self._hands and (t < 2 or t % 2 < 0.6):
                    stage.hands = [Hand(0.9, 0.7, 1, 0, prop)]
            yield Frame(sensor(painter.paint(stage), stage, t), index, t)

    def close(self) -> None:
        pass


def sides(product: Product, seed: int) -> list[Image]:
    """Crops of all sides, in another scene and without a hand."""
    isolator, crops = Isolator(), []
    for frame in Turning(product, seed, fps=SIDES / 10, hands=False):
        if frame.t < 0.5:
            isolator.step(frame)
        elif frame.t >= 2 and (box := alone(frame.image, isolator.locate(frame.image))):
            crops.append(crop(frame.image, box))
    return crops


@pytest.mark.slow
def test_a_turn_gives_differing_views_without_a_hand_and_the_product_is_named_from_all_sides() -> None:
    embed = Embedder(ModelConfig(Path("bottlebank")).path).embed
    bank: list[Vectors] = []
    for product in CATALOGUE:
        photos = [decode(photo) for photo in turn_photos(camera_turn(Turning(product, 5), Isolator()), embed, print)]
        widths = [photo.shape[1] for photo in photos]
        assert 8 <= len(photos) <= 16 and max(widths) < 1.25 * min(widths), product.name
        bank.append(embed(photos))
    for number, product in enumerate(CATALOGUE):
        probes = embed(sides(product, 11))
        cosines = np.stack([(probes @ views.T).max(1) for views in bank])
        assert len(probes) >= SIDES - 1, product.name
        assert (cosines.argmax(0) == number).all() and cosines[number].min() >= 0.75, product.name
