"""What the stages hand to each other: frozen, with shapes checked where they are made."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

NOT_A_PRODUCT = "_not-a-product"
"""The name under which negatives are enrolled: photos of what is to stay unknown."""

Image = npt.NDArray[np.uint8]
"""An RGB picture, (height, width, 3) uint8."""

Vectors = npt.NDArray[np.float32]
"""Embeddings, (N, D) float32, each row of unit length."""


class Box(NamedTuple):
    """A rectangle in full-frame pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of the scene.

    image: RGB, (height, width, 3) uint8; crops are cut from it.
    index: 0 for the first frame of this run; of a video, the frame's number in the file.
    t: seconds on the media's clock (files) or the monotonic clock (cameras).
    small: the same view, RGB, for isolation, where the camera makes one by itself; otherwise None.
    """

    image: Image
    index: int
    t: float
    small: Image | None = None

    def __post_init__(self) -> None:
        for name, picture in (("image", self.image), ("small", self.small)):
            if picture is not None and (picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3):
                raise ValueError(f"{name}: expected (height, width, 3) uint8, got {picture.shape} {picture.dtype}")


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """The enrolled embeddings, in memory: row i of vectors is the photo photos[i] of products[i].

    vectors: (N, D) float32, C-contiguous, unit rows; N may be 0. rows: those of each product, ascending.
    """

    vectors: Vectors
    products: tuple[str, ...]
    photos: tuple[str, ...]
    rows: dict[str, npt.NDArray[np.intp]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or self.vectors.dtype != np.float32 or not self.vectors.flags.c_contiguous:
            raise ValueError(
                f"vectors: expected contiguous (N, D) float32, got {self.vectors.shape} {self.vectors.dtype}"
            )
        if not len(self.vectors) == len(self.products) == len(self.photos):
            counts = f"{len(self.vectors)} vectors, {len(self.products)} products, {len(self.photos)} photos"
            raise ValueError(f"expected as many products and photos as vectors, got {counts}")
        rows: dict[str, list[int]] = {}
        for row, product in enumerate(self.products):
            rows.setdefault(product, []).append(row)
        object.__setattr__(self, "rows", {product: np.array(each) for product, each in rows.items()})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that might be it: its best cosine in [-1, 1] and the enrolled photo that gave it."""

    product: str
    score: float
    photo: str


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one crop or one placement.

    product: the nearest product, or None where its score does not reach the threshold: unknown.
    candidates: the best products, best first, at most three, each product once; empty for an empty bank. The best one
    is NOT_A_PRODUCT where a negative is nearest: unknown.
    threshold: the cosine that the best candidate had to reach, given the second's score; above 1 where none would do.
    confidence: the probability in [0, 1] that the best candidate is right; None for an empty bank or an old model.
    """

    product: str | None
    threshold: float
    candidates: tuple[Candidate, ...]
    confidence: float | None = None

    @property
    def score(self) -> float | None:
        """The best candidate's cosine; None for an empty bank."""
        return self.candidates[0].score if self.candidates else None

    @property
    def margin(self) -> float | None:
        """The best candidate's lead over the second product; None where there is no second."""
        return self.candidates[0].score - self.candidates[1].score if len(self.candidates) > 1 else None

    @property
    def photo(self) -> str | None:
        """The enrolled photo nearest to the crop."""
        return self.candidates[0].photo if self.candidates else None


@dataclass(frozen=True, slots=True)
class Change:
    """What isolation says of one object in one frame.

    kind: placed when it has come to rest, then seen in each frame good enough to look at it, changed when it was
    turned, moved or uncovered, then removed. track: the object's number, never used again in this run. box: where it
    stands.
    """

    kind: Literal["placed", "seen", "changed", "removed"]
    track: int
    box: Box


EventKind = Literal["placed", "identified", "unknown", "removed"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one placement.

    placement: stable id, the same in all events of one visit of one object.
    at: UTC, ISO 8601 with milliseconds. t: seconds on the frame's clock. frame: its index.
    match: present for identified, unknown and a removal after either.
    """

    event: EventKind
    placement: str
    at: str
    t: float
    frame: int
    box: Box
    match: Match | None = None
