"""The worst mistakes of some trials, as pairs of pictures: the probe, and the enrolled photo it was mistaken for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.images.letterbox import letterbox
from edge.images.reader import OVERSAMPLING, read_photo
from edge.images.writer import encode
from training.data.photos import Photo
from training.evaluation.protocol import ENROLLED, NON_PRODUCT, Trials

WORST = 8
THUMBNAIL = 128


@dataclass(frozen=True, slots=True)
class Mistake:
    """picture: JPEG of the probe beside its rival. truth: its product, "" for a non-product. own: cosine to its own
    product's nearest photo, nan where that is not enrolled. other: cosine to the rival's.
    """

    picture: bytes
    truth: str
    rival: str
    own: float
    other: float


def worst(table: Trials, photos: Sequence[Photo], count: int = WORST) -> dict[str, list[Mistake]]:
    """Given trials and the photos their rows refer to, return the worst mistakes of each kind, each probe once."""
    enrolled, non_products = table.only(ENROLLED), table.only(NON_PRODUCT)
    wrong = np.flatnonzero(~enrolled.right)
    stranger = np.flatnonzero(~np.isnan(enrolled.other))
    return {
        "Named wrongly, by how much the wrong product was nearer": _pairs(
            enrolled, wrong, enrolled.other - enrolled.own, photos, count, own=True
        ),
        "Most like another product, were their own not enrolled": _pairs(
            enrolled, stranger, enrolled.other, photos, count
        ),
        "Non-products most like a product": _pairs(
            non_products, np.arange(len(non_products.probe)), non_products.other, photos, count
        ),
    }


def _pairs(
    table: Trials,
    rows: npt.NDArray[np.intp],
    badness: npt.NDArray[np.float32],
    photos: Sequence[Photo],
    count: int,
    own: bool = False,
) -> list[Mistake]:
    seen: set[int] = set()
    found: list[Mistake] = []
    for row in rows[np.argsort(-badness[rows], kind="stable")]:
        probe, rival = int(table.probe[row]), photos[table.rival[row]]
        if probe not in seen and len(found) < count:
            seen.add(probe)
            score = float(table.own[row]) if own else float("nan")
            picture = _beside(photos[probe], rival)
            found.append(Mistake(picture, photos[probe].product, rival.product, score, float(table.other[row])))
    return found


def _beside(probe: Photo, rival: Photo) -> bytes:
    pictures = [letterbox(read_photo(photo.path, OVERSAMPLING * THUMBNAIL), THUMBNAIL) for photo in (probe, rival)]
    return encode(np.hstack(pictures), ".jpg", quality=80)
