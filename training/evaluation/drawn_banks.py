"""Small banks drawn from a set of photos, as a maker has them: a few products enrolled, some of their kind left out."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from edge.types import Gallery, Vectors
from training.evaluation.embedded import EmbeddedSet

MAX_PRODUCTS = 12
"""Products of a set in one draw, of which a third is left out."""

MIN_PRODUCTS = 3
"""Products that a set needs: two are then enrolled, and one is left out."""


class DrawnBank(NamedTuple):
    """What is enrolled, and probes (P, D) of scenes that are not, with the product of each (P,)."""

    gallery: Gallery
    probes: Vectors
    truth: npt.NDArray[np.str_]

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Whether each probe's product is enrolled; the others are look-alikes."""
        return np.isin(self.truth, list(self.gallery.rows))


def draw_banks(embedded: EmbeddedSet, photos: int, draws: int, seed: int = 0) -> Iterator[DrawnBank]:
    """Given a set of new products, draw banks with that many photos a product, from different scenes, at random.

    A product with fewer scenes is enrolled with all but one of them. The same arguments give the same banks.
    """
    columns = np.array([(photo.product, photo.scene) for photo in embedded.photos], np.str_)
    for draw in range(draws):
        rng = np.random.default_rng((seed, photos, draw))
        new = embedded.never_trained
        chosen = rng.permutation(new)[:MAX_PRODUCTS]
        enrolled = chosen[max(1, len(chosen) // 3) :]
        rows = np.concatenate([_enroll(embedded, columns, product, photos, rng) for product in sorted(enrolled)])
        probes = embedded.rows("probe", "any")
        probes = probes[np.isin(columns[probes, 0], chosen) & ~np.isin(columns[probes, 1], columns[rows, 1])]
        names = tuple(columns[rows, 0].tolist())
        gallery = Gallery(np.ascontiguousarray(embedded.vectors[rows]), names, tuple(map(str, rows)))
        yield DrawnBank(gallery, embedded.vectors[probes], columns[probes, 0])


def _enroll(
    embedded: EmbeddedSet, columns: npt.NDArray[np.str_], product: str, photos: int, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    """The rows of one photo from each of so many scenes of a product."""
    rows = embedded.rows("enroll", "any")
    rows = rows[columns[rows, 0] == product]
    scenes = np.unique(columns[rows, 1])
    picked = rng.permutation(scenes)[: min(photos, max(1, len(scenes) - 1))]
    return np.array([rng.choice(rows[columns[rows, 1] == scene]) for scene in picked], np.intp)
