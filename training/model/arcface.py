"""ArcFace: a margin, in radians, between the classes on the unit sphere.

Deng, Guo, Xue, Zafeiriou: "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", CVPR 2019,
arXiv:1801.07698, equation 3. With θ_j the angle between an embedding and the centre of class j, and y its class:

    L = −log( e^{s·cos(θ_y + m)} / ( e^{s·cos(θ_y + m)} + Σ_{j≠y} e^{s·cos θ_j} ) )

This layer gives the logits, s·cos(θ_y + m) and s·cos θ_j; the cross-entropy of their softmax is L.
"""

import math
from typing import Any

import keras
from keras import KerasTensor, ops


def unit(x: KerasTensor, axis: int) -> KerasTensor:
    """Given any tensor, return it with length 1 along `axis`; where it is zero, zero, with a finite gradient."""
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis=axis, keepdims=True), 1e-12))


@keras.saving.register_keras_serializable(package="bottlebank")
class ArcFace(keras.layers.Layer):
    """Logits of each class, with the margin against the true one.

    logits = ArcFace(classes=5, scale=30.0, margin=0.5)([embedding, one_hot])

    classes: how many classes the training data has. scale: s. margin: m in radians, in [0, π/2].
    easy_margin: apply the margin only where cos θ > 0, instead of wherever θ + m stays under π.

    Call with embedding (N, D) of any length and one_hot (N, classes); return logits (N, classes). A row of
    one_hot that is all zero has no true class and gets no margin.
    """

    def __init__(self, classes: int, scale: float, margin: float, easy_margin: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if classes < 2 or scale <= 0 or not 0 <= margin <= math.pi / 2:
            raise ValueError(
                "ArcFace: expected at least 2 classes, a scale above 0 and a margin in [0, π/2], "
                f"got classes={classes}, scale={scale}, margin={margin}"
            )
        self.classes, self.scale, self.margin, self.easy_margin = classes, scale, margin, easy_margin

    def build(self, input_shape: list[tuple[int | None, int]]) -> None:
        dimension = input_shape[0][-1]
        self.centres = self.add_weight(name="centres", shape=(dimension, self.classes), initializer="glorot_uniform")

    def call(self, inputs: list[KerasTensor]) -> KerasTensor:
        embedding, one_hot = inputs
        cosine = ops.matmul(unit(embedding, axis=-1), unit(self.centres, axis=0))
        # The derivative of a square root is infinite at 0, that is at θ = 0 and θ = π: hence the small floor.
        sine = ops.sqrt(ops.maximum(1.0 - ops.square(cosine), 1e-7))
        with_margin = cosine * math.cos(self.margin) - sine * math.sin(self.margin)
        if self.easy_margin:
            with_margin = ops.where(cosine > 0, with_margin, cosine)
        else:
            # Beyond θ = π − m, cos(θ + m) would rise again; a line keeps the loss falling with θ.
            beyond = cosine - self.margin * math.sin(self.margin)
            with_margin = ops.where(cosine > -math.cos(self.margin), with_margin, beyond)
        one_hot = ops.cast(one_hot, cosine.dtype)
        return self.scale * (cosine + one_hot * (with_margin - cosine))

    def compute_output_shape(self, input_shape: list[tuple[int | None, int]]) -> tuple[int | None, int]:
        return input_shape[0][0], self.classes

    def get_config(self) -> dict[str, Any]:
        own = {"classes": self.classes, "scale": self.scale, "margin": self.margin, "easy_margin": self.easy_margin}
        config: dict[str, Any] = super().get_config()
        return config | own
