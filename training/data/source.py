"""The batches of a run: photos in folders, made-up products and unlabelled photos, mixed by a recipe.

Photos of test/ are never read. Validation is on made-up products that no run trains on. What a batch holds depends on
(seed, epoch, step) alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edge.errors import BadPhoto
from edge.images.letterbox import letterbox
from edge.images.reader import SUFFIXES, read_photo
from edge.types import Image
from training.data.augment import augment
from training.data.batch import Batch, Unseen
from training.data.drawn import Drawn
from training.data.made_up import view
from training.data.photos import Photo, find_photos
from training.recipe import Recipe

GOLDEN, REPRESENTATIVE = 8, 128

STARTS = 2
"""Pictures of each class that its centre starts from."""

UNSEEN, UNSEEN_VIEWS, FIRST_UNSEEN = 48, 10, 200_000
"""Held-out made-up products to validate on, views of each, and the number of the first: none of `training draw`."""


class View(NamedTuple):
    """A kept view of a made-up product. turn: which of the product's views in an epoch; the last views are before 0."""

    product: int
    turn: int


class Sample(NamedTuple):
    """One picture: a photo's path, or a view of a made-up product; label None is an image without a class."""

    what: Path | View
    label: int | None


@dataclass(frozen=True, slots=True)
class Mixture:
    """A Source of stages.py.

    first: what the centres start from. drawn: the views of made-up products, made_up_views of each in an epoch.
    size: side of the images. unlabelled: how many of a batch's images have no class.
    """

    classes: tuple[str, ...]
    train: tuple[Sample, ...]
    first: tuple[Sample, ...]
    without_class: tuple[Path, ...]
    drawn: Drawn
    made_up_views: int
    size: int
    batch_size: int
    unlabelled: int
    seed: int
    augmentation: str

    @property
    def steps(self) -> int:
        return len(self.train) // (self.batch_size - self.unlabelled)

    def batch(self, epoch: int, step: int) -> Batch:
        labelled = self.batch_size - self.unlabelled
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self.train))
        samples = [self.train[i] for i in order[step * labelled : (step + 1) * labelled]]
        rng = np.random.default_rng((self.seed, epoch, step))
        if self.unlabelled:
            samples += [
                Sample(self.without_class[i], None) for i in rng.integers(len(self.without_class), size=self.unlabelled)
            ]
        pictures = [self.picture(sample.what, epoch) for sample in samples]
        images = [augment(picture, self.size, rng, self.augmentation) for picture in pictures]
        return np.stack(images), self._one_hot(samples)

    def starts(self) -> Iterator[Batch]:
        for first in range(0, len(self.first), self.batch_size):
            samples = self.first[first : first + self.batch_size]
            pictures = [letterbox(self.picture(sample.what, 0), self.size) for sample in samples]
            yield np.stack(pictures), self._one_hot(samples)

    def unseen(self) -> Unseen:
        numbers = np.repeat(np.arange(FIRST_UNSEEN, FIRST_UNSEEN + UNSEEN), UNSEEN_VIEWS)
        rngs = (np.random.default_rng((self.seed, i)) for i in range(len(numbers)))
        views = (view(int(number), rng, held_out=True) for number, rng in zip(numbers, rngs, strict=True))
        return np.stack([letterbox(picture, self.size) for picture in views]), tuple(str(number) for number in numbers)

    def representative(self) -> npt.NDArray[np.uint8]:
        """Crops (≤ 128, size, size, 3) as they are trained on, from which int8 takes its ranges."""
        count = min(self.steps, -(-REPRESENTATIVE // self.batch_size))
        return np.concatenate([self.batch(0, step)[0] for step in range(count)])[:REPRESENTATIVE]

    def golden(self) -> npt.NDArray[np.uint8]:
        """Drawn crops (8, size, size, 3): they may ship with the model, whatever it was trained on."""
        rng = np.random.default_rng(self.seed)
        return np.stack([letterbox(view(number, rng), self.size) for number in range(GOLDEN)])

    def picture(self, what: Path | View, epoch: int) -> Image:
        """Given a photo's path or a view of a made-up product, return the RGB picture that it is in an epoch."""
        if isinstance(what, Path):
            return _photo(what)
        return self.drawn.view(what.product, epoch * self.made_up_views + what.turn)

    def _one_hot(self, samples: Sequence[Sample]) -> npt.NDArray[np.float32]:
        one_hot = np.zeros((len(samples), len(self.classes)), np.float32)
        for row, sample in zip(one_hot, samples, strict=True):
            if sample.label is not None:
                row[sample.label] = 1
        return one_hot


def open_source(
    recipe: Recipe,
    photos: Sequence[Path],
    unlabelled: Sequence[Path],
    left_out: Sequence[str],
    size: int,
    drawn: Path,
) -> Mixture:
    """Given a recipe, folders of <product>/, folders of unlabelled photos and products to leave out, mix them.

    size: side of the network's input. drawn: folder where made-up products are kept; missing ones are drawn now.
    Raise BadPhoto if that gives fewer than two products or less than one step.
    """
    data, batch = recipe.data, recipe.fit.batch
    found = [photo for folder in photos for photo in find_photos(folder) if photo.role in ("enroll", "any")]
    kept = [photo for photo in found if photo.product not in left_out] if data.photo_views else []
    products = sorted({photo.product for photo in kept})
    classes = tuple(products) + tuple(f"made-up {number}" for number in range(data.made_up))
    if len(classes) < 2:
        raise BadPhoto(f"training needs at least 2 products, got {len(classes)}; name --photos, or data.made_up")
    label = {name: number for number, name in enumerate(classes)}
    train = [Sample(photo.path, label[photo.product]) for photo in kept] * data.photo_views
    first = [Sample(path, label[product]) for product in products for path in _first_photos(kept, product)]
    for number in range(data.made_up):
        train += [Sample(View(number, turn), label[f"made-up {number}"]) for turn in range(data.made_up_views)]
        first += [Sample(View(number, -1 - i), label[f"made-up {number}"]) for i in range(STARTS)]
    without_class = tuple(path for folder in unlabelled for path in _pictures(folder))
    share = round(batch * data.unlabelled) if without_class else 0
    if len(train) < batch - share:
        raise BadPhoto(
            f"{len(train)} pictures do not fill one step of {batch}; give more photos or a smaller fit.batch"
        )
    views = Drawn(drawn, data.made_up_kept)
    views.draw(data.made_up)
    return Mixture(
        classes,
        tuple(train),
        tuple(first),
        without_class,
        views,
        data.made_up_views,
        size,
        batch,
        share,
        recipe.fit.seed,
        data.augmentation,
    )


def _first_photos(photos: Sequence[Photo], product: str) -> list[Path]:
    return [photo.path for photo in photos if photo.product == product][:STARTS]


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


@lru_cache(maxsize=8192)
def _photo(path: Path) -> Image:
    """A photo, no larger than augmentation has use for: 8192 of them fit in memory."""
    image = read_photo(path)
    scale = 320 / max(image.shape[:2])
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return image
