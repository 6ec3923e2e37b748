"""Views of made-up products, drawn once and kept as files: a run then spends its time on training.

FOLDER/<digest of the drawing code>-<views>/<product>/<view>.jpg. A product's folder that exists is complete, so an
interrupted command continues where it stopped, and another version of the drawing code draws its own.
"""

import hashlib
import multiprocessing
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from edge.images.reader import read_photo
from edge.images.writer import write_picture
from edge.types import Image
from training.data.made_up import view

QUALITY = 92
"""Of the JPEG files, about 8 kB each."""


class Drawn:
    """The views of products 0, 1, ... in a folder."""

    def __init__(self, folder: Path, views: int) -> None:
        code = sorted((Path(__file__).parent / "made_up").glob("*.py"))
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()
        self.folder, self.views = folder / f"{digest[:12]}-{views}", views

    def draw(self, products: int) -> None:
        """Draw what is missing of the first products, on all cores. Raise OSError if it cannot be written."""
        missing = [number for number in range(products) if not self._of(number).is_dir()]
        if not missing:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        print(f"drawing {len(missing)} products, {self.views} views each, in {self.folder}", flush=True)
        # A thread of TensorFlow in a forked process would never wake.
        with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
            for _ in pool.map(partial(_draw, self.folder, self.views), missing, chunksize=8):
                pass

    def view(self, number: int, index: int) -> Image:
        """Return a view of a product, RGB uint8 (h, w, 3). Indices go around: -1 and `views` - 1 are the last."""
        return read_photo(self._of(number) / f"{index % self.views}.jpg")

    def _of(self, number: int) -> Path:
        return self.folder / str(number)


def _draw(folder: Path, views: int, number: int) -> None:
    """Write the views of one product, under a passing name first."""
    cv2.setNumThreads(1)
    passing, final = folder / f".{number}-{os.getpid()}", folder / str(number)
    passing.mkdir(exist_ok=True)
    for index in range(views):
        write_picture(passing / f"{index}.jpg", view(number, np.random.default_rng((number, index))), QUALITY)
    try:
        passing.rename(final)
    except OSError:  # another run has drawn it meanwhile
        if not final.is_dir():
            raise
        shutil.rmtree(passing)
