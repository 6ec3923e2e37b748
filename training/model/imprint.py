"""Where the head starts: each class's centre is the mean of what the starting network makes of its pictures.

Qi, Brown, Lowe: "Low-Shot Learning with Imprinted Weights", CVPR 2018, arXiv:1712.07136. From random centres, the first
hundreds of steps would train the network towards directions that mean nothing, and undo what it knows.
"""

import keras
import numpy as np

from training.data.batch import Source
from training.model.arcface import ArcFace


def imprint(head: ArcFace, student: keras.Model, source: Source) -> None:
    """Given a built head, set its weights (D, classes) from a few pictures of each, as the extractor embeds them.

    A class without a picture in it keeps the centre it has.
    """
    centres = np.zeros((student.output_shape[-1], len(source.classes)), np.float32)
    for images, one_hot in source.starts():
        centres += np.asarray(student.predict_on_batch(images), np.float32).T @ one_hot
    lengths = np.linalg.norm(centres, axis=0)
    (random,) = head.get_weights()
    head.set_weights([np.where(lengths > 0, centres / np.maximum(lengths, 1e-6), random)])
