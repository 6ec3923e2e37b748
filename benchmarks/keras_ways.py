"""Keras as both write-ups use it, `load_img` and `predict`, in the second write-up's three ways."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import material

Answers = list[tuple[str, float]]
"""For each photo the nearest product and its cosine."""


def one(files: list[Path]) -> Callable[[], Answers]:
    """Each photo by itself, then its cosine with each vector of the bank."""
    import numpy as np

    model, bank = _model(), material.bank()

    def name(file: Path) -> tuple[str, float]:
        vector = model.predict(_read(file)[np.newaxis], verbose=0)[0]
        length = np.linalg.norm(vector)
        cosines = [np.dot(vector, each) / (length * np.linalg.norm(each)) for each in bank["vectors"]]
        best = int(np.argmax(cosines))
        return str(bank["products"][best]), float(cosines[best])

    return lambda: [name(file) for file in files]


def batch(files: list[Path]) -> Callable[[], Answers]:
    """All photos in one call, then one matrix of cosines."""
    import numpy as np

    model, bank = _model(), material.bank()

    def run() -> Answers:
        vectors = model.predict(np.stack([_read(file) for file in files]), verbose=0)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return _named(vectors @ bank["vectors"].T, bank["products"])

    return run


def fused(files: list[Path]) -> Callable[[], Answers]:
    """All photos in one call of a model whose last layer is the bank, so that it gives the cosines."""
    import keras
    import numpy as np

    extractor, bank = _model(), material.bank()
    cosines = keras.layers.Dense(len(bank["vectors"]), use_bias=False)
    model = keras.Model(extractor.input, cosines(extractor.output))
    cosines.set_weights([bank["vectors"].T])
    return lambda: _named(model.predict(np.stack([_read(file) for file in files]), verbose=0), bank["products"])


def _model() -> Any:
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras

    import training.model.network  # noqa: F401  registers the layers of the model

    return keras.models.load_model(material.BUILD / "extractor" / "extractor.keras")


def _read(file: Path) -> Any:
    import keras
    import numpy as np

    return np.asarray(keras.utils.load_img(file, target_size=(224, 224)))


def _named(scores: Any, products: Any) -> Answers:
    return [(str(products[row.argmax()]), float(row.max())) for row in scores]
