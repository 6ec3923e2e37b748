"""The head starts at the means of the classes."""

from dataclasses import dataclass

import keras
import numpy as np

from training.model.arcface import ArcFace
from training.model.imprint import imprint


@dataclass
class Colours:
    """Red and green pictures, and a class without any."""

    classes = ("red", "green", "none")

    def starts(self):
        for light in (100, 101):
            images = np.zeros((2, 4, 4, 3), np.uint8)
            images[0, ..., 0], images[1, ..., 1] = light, 50
            yield images, np.eye(3, dtype=np.float32)[:2]


def test_each_class_starts_at_the_mean_of_its_embeddings():
    image = keras.Input((4, 4, 3), dtype="uint8")
    mean = keras.layers.GlobalAveragePooling2D()(keras.layers.Rescaling(1.0)(image))
    student = keras.Model(image, keras.layers.UnitNormalization()(mean))
    head = ArcFace(3, scale=10, margin=0.1)
    head.build([(None, 3), (None, 3)])
    before = head.get_weights()[0]
    imprint(head, student, Colours())
    (centres,) = head.get_weights()
    np.testing.assert_allclose(centres[:, :2], np.eye(3)[:, :2], atol=1e-5)
    np.testing.assert_array_equal(centres[:, 2], before[:, 2])
