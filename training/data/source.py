"""The batches of a run: photos in folders, made-up products and unlabelled photos, mixed by a recipe.

Photos of test/ are never read. A product's validation photos are its val/ folder, or a fifth of its scenes, so that
pictures of one moment are never on both sides. What a batch holds depends on (seed, epoch, step) alone.
"""

from collections.abc import Sequence
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
from training.data.made_up import view
from training.data.photos import Photo, find_photos
from training.model.epoch import Batch
from training.recipe import Recipe

VALIDATION_SHARE = 0.2
VALIDATION_VIEWS = 2
"""Pictures of each made-up product to validate on."""

GOLDEN, REPRESENTATIVE = 8, 128
_VALIDATION_EPOCH = 2**31


class Sample(NamedTuple):
    """One picture: a photo's path, or the number of a made-up product; label None is an image without a class."""

    what: Path | int
    label: int | None


@dataclass(frozen=True, slots=True)
class Mixture:
    """A Source of stages.py. size: side of the images. unlabelled: how many of a batch's images have no class."""

    classes: tuple[str, ...]
    train: tuple[Sample, ...]
    validation: tuple[Sample, ...]
    without_class: tuple[Path, ...]
    size: int
    batch_size: int
    unlabelled: int
    seed: int
    augmentation: str

    @property
    def steps(self) -> int:
        return len(self.train) // (self.batch_size - self.unlabelled)

    @property
    def validation_steps(self) -> int:
        return -(-len(self.validation) // self.batch_size)

    def batch(self, epoch: int, step: int) -> Batch:
        labelled = self.batch_size - self.unlabelled
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self.train))
        samples = [self.train[i] for i in order[step * labelled : (step + 1) * labelled]]
        rng = np.random.default_rng((self.seed, epoch, step))
        if self.unlabelled:
            samples += [
                Sample(self.without_class[i], None) for i in rng.integers(len(self.without_class), size=self.unlabelled)
            ]
        images = [augment(_picture(sample.what, rng), self.size, rng, self.augmentation) for sample in samples]
        return np.stack(images), self._one_hot(samples)

    def validation_batch(self, step: int) -> Batch:
        samples = self.validation[step * self.batch_size : (step + 1) * self.batch_size]
        rng = np.random.default_rng((self.seed, _VALIDATION_EPOCH, step))
        images = [letterbox(_picture(sample.what, rng), self.size) for sample in samples]
        return np.stack(images), self._one_hot(samples)

    def representative(self) -> npt.NDArray[np.uint8]:
        """Crops (≤ 128, size, size, 3) as they are trained on, from which int8 takes its ranges."""
        count = min(self.steps, -(-REPRESENTATIVE // self.batch_size))
        return np.concatenate([self.batch(0, step)[0] for step in range(count)])[:REPRESENTATIVE]

    def golden(self) -> npt.NDArray[np.uint8]:
        """Drawn crops (8, size, size, 3): they may ship with the model, whatever it was trained on."""
        rng = np.random.default_rng(self.seed)
        return np.stack([letterbox(_picture(number, rng), self.size) for number in range(GOLDEN)])

    def _one_hot(self, samples: Sequence[Sample]) -> npt.NDArray[np.float32]:
        one_hot = np.zeros((len(samples), len(self.classes)), np.float32)
        for row, sample in zip(one_hot, samples, strict=True):
            if sample.label is not None:
                row[sample.label] = 1
        return one_hot


def open_source(
    recipe: Recipe, photos: Sequence[Path], unlabelled: Sequence[Path], left_out: Sequence[str], size: int
) -> Mixture:
    """Given a recipe, folders of <product>/, folders of unlabelled photos and products to leave out, mix them.

    size: side of the network's input. Raise BadPhoto if that gives fewer than two products or less than one step.
    """
    data, batch = recipe.data, recipe.fit.batch
    found = [photo for folder in photos for photo in find_photos(folder) if photo.role in ("enroll", "any")]
    kept = [photo for photo in found if photo.product not in left_out] if data.photo_views else []
    products = sorted({photo.product for photo in kept})
    classes = tuple(products) + tuple(f"made-up {number}" for number in range(data.made_up))
    if len(classes) < 2:
        raise BadPhoto(f"training needs at least 2 products, got {len(classes)}; name --photos, or data.made_up")
    train: list[Sample] = []
    validation: list[Sample] = []
    for label, product in enumerate(products):
        to_train, to_validate = _split([photo for photo in kept if photo.product == product])
        train += [Sample(photo.path, label) for photo in to_train] * data.photo_views
        validation += [Sample(photo.path, label) for photo in to_validate]
    for number in range(data.made_up):
        train += [Sample(number, len(products) + number)] * data.made_up_views
        validation += [Sample(number, len(products) + number)] * VALIDATION_VIEWS
    without_class = tuple(path for folder in unlabelled for path in _pictures(folder))
    share = round(batch * data.unlabelled) if without_class else 0
    if len(train) < batch - share:
        raise BadPhoto(
            f"{len(train)} pictures do not fill one step of {batch}; give more photos or a smaller fit.batch"
        )
    return Mixture(
        classes,
        tuple(train),
        tuple(validation),
        without_class,
        size,
        batch,
        share,
        recipe.fit.seed,
        data.augmentation,
    )


def _split(photos: Sequence[Photo]) -> tuple[list[Photo], list[Photo]]:
    """Given a product's photos, return those to train and those to validate on; no scene is in both."""
    in_val = [photo for photo in photos if photo.path.parent.parent.name == "val"]
    if in_val:
        return [photo for photo in photos if photo not in in_val], in_val
    scenes = sorted({photo.scene for photo in photos})
    held_out = set(scenes[: round(VALIDATION_SHARE * len(scenes))])
    return [p for p in photos if p.scene not in held_out], [p for p in photos if p.scene in held_out]


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def _picture(what: Path | int, rng: np.random.Generator) -> Image:
    return view(what, rng) if isinstance(what, int) else _photo(what)


@lru_cache(maxsize=8192)
def _photo(path: Path) -> Image:
    """A photo, no larger than augmentation has use for: 8192 of them fit in memory."""
    image = read_photo(path)
    scale = 320 / max(image.shape[:2])
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return image
