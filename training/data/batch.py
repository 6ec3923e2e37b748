"""What training takes from a source of images."""

from collections.abc import Iterable
from typing import Protocol

import numpy as np
import numpy.typing as npt

Batch = tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]
"""Images (N, size, size, 3) and one-hot classes (N, C); a row of zeros is an image without a class."""

Unseen = tuple[npt.NDArray[np.uint8], tuple[str, ...]]
"""Images (N, size, size, 3) of products that are never trained on, and of each image the name of its product."""


class Source(Protocol):
    """Where the images come from. What `batch` gives depends on its arguments and the source's seed alone.

    classes: their names, in the order of the one-hot columns. steps: batches in an epoch.
    starts: a few unaltered images of each class. unseen: what to validate on.
    """

    @property
    def classes(self) -> tuple[str, ...]: ...

    @property
    def steps(self) -> int: ...

    def batch(self, epoch: int, step: int) -> Batch: ...

    def starts(self) -> Iterable[Batch]: ...

    def unseen(self) -> Unseen: ...
