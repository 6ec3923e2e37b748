"""The convolutional networks that can carry the embedding, each with its own input size and preprocessing.

Batch normalisation: a backbone that starts from trained weights keeps the statistics it came with, because some
hundred photos estimate them worse than a million did; its scales and offsets train with their block. One that starts
from none has no statistics to keep and learns them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
from keras import KerasTensor, applications

from edge.errors import BadConfig


@dataclass(frozen=True, slots=True)
class Backbone:
    """A network of keras.applications.

    build: its function. size: its own input side in pixels.
    rescale: (scale, offset) that turns [0, 255] into what it expects; None where it does so itself.
    blocks: prefixes of its layers' names, from the head down; a stage unfreezes everything above one of them.
    widths: whether it takes `alpha`, the factor on the number of channels.
    """

    build: Callable[..., keras.Model]
    size: int
    rescale: tuple[float, float] | None
    blocks: tuple[str, ...]
    widths: bool = False


def _numbered(pattern: str, first: int, last: int) -> tuple[str, ...]:
    return tuple(pattern.format(number) for number in range(first, last - 1, -1))


STEM = "stem"
"""The name of the lowest stage: every layer trains."""

MOMENTUM = 0.9
"""Of the statistics of batch normalisation, where they are learned. The 0.999 of most of these networks is for millions
of steps: after a few hundred the statistics would still be their starting values, and every embedding wrong."""

HEAD = "head"
"""The name of the highest stage: only the head trains, the backbone stays as it is."""

_EFFICIENT = "7a 6d 6c 6b 6a 5c 5b 5a 4c 4b 4a 3b 3a 2b 2a 1a"

BACKBONES = {
    "mobilenet_v2": Backbone(
        applications.MobileNetV2, 224, (1 / 127.5, -1.0), _numbered("block_{}", 16, 1), widths=True
    ),
    "mobilenet_v3_large": Backbone(
        applications.MobileNetV3Large, 224, None, _numbered("expanded_conv_{}", 14, 1), widths=True
    ),
    "efficientnet_b0": Backbone(
        applications.EfficientNetB0, 224, None, tuple(f"block{part}" for part in _EFFICIENT.split())
    ),
    "xception": Backbone(applications.Xception, 299, (1 / 127.5, -1.0), _numbered("block{}", 14, 2)),
}
"""Every backbone by name. The first three run on a Pi; xception (2048-d) is for comparison."""


@keras.saving.register_keras_serializable(package="bottlebank")
class FixedStatistics(keras.layers.BatchNormalization):
    """Batch normalisation that keeps the statistics it came with, while its scale and offset train.

    Calling the whole trunk with training=False does not do that: within a functional model Keras 3 replaces it by the
    outer model's `training`. Nor does trainable=False, which stops the scale and offset as well.
    """

    def call(self, inputs: KerasTensor, training: bool | None = None, mask: Any = None) -> KerasTensor:
        return super().call(inputs, training=False, mask=mask)


def trunk(name: str, size: int, weights: str | None, alpha: float | None = None) -> keras.Model:
    """Given a name of BACKBONES, return the network from (N, size, size, 3) in its own range to features (N, D).

    weights: "imagenet" (downloaded), the path of a keras.applications weights file or of an extractor saved as .keras,
    or None for random ones. Raise BadConfig if the name is unknown, or the weights are missing or of another network.
    """
    backbone = find(name)
    if alpha is not None and not backbone.widths:
        raise BadConfig(f"backbone {name}: takes no alpha, got {alpha}; leave it out")
    options = {} if alpha is None else {"alpha": alpha}
    saved = weights is not None and Path(weights).suffix == ".keras"

    def build(side: int, weights: str | None) -> keras.Model:
        return backbone.build(input_shape=(side, side, 3), include_top=False, pooling="avg", weights=weights, **options)

    try:
        if weights == "imagenet" and size != backbone.size:
            # Keras has others for some smaller images, but training may change the size of the images on its way.
            network = build(size, None)
            network.set_weights(build(backbone.size, weights).get_weights())
        else:
            network = build(size, None if saved else weights)
        if saved:
            network.set_weights(keras.saving.load_model(weights).get_layer("trunk").get_weights())
    except (ValueError, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        raise BadConfig(f"backbone {name} at {size} pixels with weights {weights}: {reason}") from error
    if weights is not None:
        return _with_fixed_statistics(network)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = MOMENTUM
    return network


def _with_fixed_statistics(network: keras.Model) -> keras.Model:
    def same_but_for_statistics(layer: keras.Layer) -> keras.Layer:
        kind = FixedStatistics if isinstance(layer, keras.layers.BatchNormalization) else type(layer)
        return kind.from_config(layer.get_config())

    clone = keras.models.clone_model(network, clone_function=same_but_for_statistics)
    clone.set_weights(network.get_weights())
    return clone


def find(name: str) -> Backbone:
    """Given a name, return its backbone. Raise BadConfig, naming all, if there is none."""
    if name not in BACKBONES:
        raise BadConfig(f"backbone: expected one of {', '.join(BACKBONES)}, got {name}")
    return BACKBONES[name]


def unfreeze(network: keras.Model, name: str, down_to: str) -> None:
    """Given a trunk and its name in BACKBONES, let its layers from `down_to` up to its output train, no others.

    down_to: HEAD, one of the backbone's blocks, or STEM. Raise BadConfig for another name.
    """
    known = (HEAD, *find(name).blocks, STEM)
    if down_to not in known:
        raise BadConfig(f"unfreeze: expected one of {', '.join(known)} for {name}, got {down_to}")
    layers = network.layers
    if down_to == HEAD:
        first = len(layers)
    elif down_to == STEM:
        first = 0
    else:
        first = next(i for i, layer in enumerate(layers) if layer.name.startswith(down_to + "_"))
    for i, layer in enumerate(layers):
        layer.trainable = i >= first
