"""The two models of one network: the extractor that ships, and the extractor under a head, which trains.

extractor:  image ─ preprocessing ─ trunk ─ unit length
training:   image ─ preprocessing ─ trunk ─ head ─ logits, with the one-hot class as a second input of the head
"""

from dataclasses import dataclass
from typing import Any

import keras
from keras import KerasTensor, ops

from training.model import backbones
from training.model.arcface import ArcFace, unit


def extractor(
    backbone: str, size: int | None = None, weights: str | None = "imagenet", alpha: float | None = None
) -> keras.Model:
    """Given a name of BACKBONES, return the model from images (N, size, size, 3) to unit vectors (N, D) float32.

    Images are RGB in [0, 255], uint8 or float; size None is the backbone's own. Its layers "trunk" and "unit" are
    what the training model and the stages reach for. Raise BadConfig as `backbones.trunk` does.
    """
    spec = backbones.find(backbone)
    size = size or spec.size
    network = backbones.trunk(backbone, size, weights, alpha)
    network.name = "trunk"
    image = keras.Input((size, size, 3), dtype="uint8", name="image")
    x: KerasTensor = image
    if spec.rescale is not None:
        x = keras.layers.Rescaling(*spec.rescale, name="rescale")(x)
    vector = keras.layers.UnitNormalization(dtype="float32", name="unit")(network(x))
    return keras.Model(image, vector, name="extractor")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on the features while training.

    kind: "arcface", or "softmax", a plain linear layer, for comparison. scale, margin, easy_margin: see ArcFace.
    """

    kind: str = "arcface"
    scale: float = 30.0
    margin: float = 0.5
    easy_margin: bool = False


def training_model(
    student: keras.Model, classes: int, head: Head, teacher: keras.Model | None = None, distill: float = 0.0
) -> keras.Model:
    """Given an extractor, return the model from [image, one_hot] to logits (N, classes) float32, sharing its weights.

    teacher: an extractor that stays as it is. Images whose one-hot row is all zero have no class: they add
    `distill` · (1 − cosine of student's and teacher's embedding) to the loss; their sample weight must be 0.
    """
    image = keras.Input(student.input_shape[1:], dtype="uint8", name="image")
    one_hot = keras.Input((classes,), dtype="float32", name="one_hot")
    features = keras.Model(student.input, student.get_layer("unit").input, name="features")(image)
    if head.kind == "arcface":
        layer = ArcFace(classes, head.scale, head.margin, head.easy_margin, dtype="float32", name="head")
        logits = layer([features, one_hot])
    else:
        logits = keras.layers.Dense(classes, dtype="float32", name="head")(features)
    if teacher is not None:
        logits = Distill(teacher, distill, dtype="float32", name="distill")([logits, features, image, one_hot])
    return keras.Model([image, one_hot], logits, name="training")


class Distill(keras.layers.Layer):
    """Passes the logits through, and adds to the loss how far images without a class moved from the teacher.

    weight: factor on the mean over the batch of 1 − cosine, in [0, 2], of the images without a class.
    """

    def __init__(self, teacher: keras.Model, weight: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        teacher.trainable = False
        self.teacher, self.weight = teacher, weight

    def call(self, inputs: list[KerasTensor]) -> KerasTensor:
        logits, features, image, one_hot = inputs
        drift = 1.0 - ops.sum(unit(features, axis=-1) * self.teacher(image, training=False), axis=-1)
        without_class = 1.0 - ops.max(one_hot, axis=-1)
        self.add_loss(self.weight * ops.mean(without_class * drift))
        return logits
