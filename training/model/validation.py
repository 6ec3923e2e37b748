"""Validation as the product works: four images of each product enrolled, the nearest names the others.

The loss of the training classes says little about that: it is computed with the margin on the true class, and on the
products that the network knows.
"""

from pathlib import Path

import keras
import numpy as np

from training.data.batch import Unseen
from training.data.photos import Photo
from training.evaluation.embedded import EmbeddedSet
from training.evaluation.figures import measure
from training.evaluation.protocol import trials


def validate(extractor: keras.Model, unseen: Unseen) -> dict[str, float]:
    """Given an extractor, return how it names products that were never trained on, four images of each enrolled.

    val_accuracy, and val_auroc of telling them from products that are not enrolled; val_loss: what both miss, in 0..1.
    """
    images, products = unseen
    vectors = np.asarray(extractor.predict(images, batch_size=32, verbose=0), np.float32)
    photos = tuple(Photo(Path(f"{product}/{i}"), product, "any", str(i)) for i, product in enumerate(products))
    figures = measure(trials(EmbeddedSet(photos, vectors), sorted(set(products))))
    accuracy, auroc = figures["accuracy"]["value"], figures["auroc"]["value"]
    return {"val_accuracy": accuracy, "val_auroc": auroc, "val_loss": 1 - (accuracy + auroc) / 2}
