"""What the vectors of a bank say about its photos, before anything is put before the camera.

Each photo is compared with all others, itself left out. Distances are 1 - cosine, from 0 to 2; on products that the
shipped model was not trained on, photos of different sides of one product are 0.2 to 0.7 apart, and unlike products 0.4
and more. The work grows with the photos of the products asked about, times all photos: 0.2 GFLOP for a product of
eight photos in a bank of 8,000.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

import numpy as np

from edge.bank.store import BankReader
from edge.types import NOT_A_PRODUCT, Gallery, Vectors

NEAR = 0.25
"""Distance of two products' nearest photos under which one may be taken for the other."""

ONE_SIDE = 0.1
"""Distance of a product's most distant photos under which all show the same side."""

UNLIKE = 0.5
"""Distance of a photo to the nearest other one of its product from which on it may show something else..."""

FARTHER = 2.0
"""...if that is so many times as far as is usual for the product."""


MOST = 2000
"""Views up to which all products are looked at together: 0.6 seconds of one x86-64 core for 250 products."""


class Advice(NamedTuple):
    """One thing that could be better about a product's photos."""

    product: str
    kind: Literal["name", "few", "one side", "unlike", "near"]
    text: str


def preflight(gallery: Gallery, products: Collection[str] | None = None) -> Iterator[Advice]:
    """Given what is enrolled, yield what could be better about these products; None: about all, each pair once."""
    names = list(gallery.rows)
    enrolled = gallery.rows.keys() - {NOT_A_PRODUCT}
    asked = sorted(enrolled if products is None else enrolled & set(products))
    yield from _names(gallery, asked)
    columns = np.concatenate([*gallery.rows.values(), np.empty(0, np.intp)])
    starts = np.cumsum([0, *map(len, gallery.rows.values())])[:-1]
    for product in asked:
        rows = gallery.rows[product]
        cosines = gallery.vectors[rows] @ gallery.vectors.T
        own = 1 - cosines[:, rows]
        away = 1 - np.maximum.reduceat(cosines[:, columns], starts, axis=1)
        away[:, names.index(product)] = np.inf
        photos = [gallery.photos[row] for row in rows]
        if len(rows) == 1:
            yield Advice(product, "few", "one photo; add three more, from other sides")
        elif own.max() < ONE_SIDE:
            yield Advice(product, "one side", f"its {len(rows)} views show one side; add photos of the others")
        if len(rows) > 2:
            yield from _unlike(product, photos, own, away, names)
        for at in np.flatnonzero(away.min(0) < NEAR):
            if not (names[at] in asked and names[at] < product):
                yield Advice(product, "near", _near(names[at], photos, away[:, at]))


def report(bank: BankReader) -> list[Advice]:
    """Given a bank, return what could be better about all of it; nothing for one of more than 2,000 views.

    Raise StoreError.
    """
    gallery = bank.gallery(bank.model or "")
    return list(preflight(gallery)) if len(gallery.vectors) <= MOST else []


def _names(gallery: Gallery, asked: Collection[str]) -> Iterator[Advice]:
    alike = defaultdict(list)
    for product in sorted(gallery.rows):
        alike[re.sub(r"[\s_-]+", "", product.casefold())].append(product)
    for names in alike.values():
        for product in names[1:]:
            if product in asked or names[0] in asked:
                yield Advice(product, "name", f"differs from {names[0]} only in case or spacing; are they two?")


def _unlike(product: str, photos: list[str], own: Vectors, away: Vectors, names: list[str]) -> Iterator[Advice]:
    """The photos that are far from the others of their product, or nearer to another product.

    own: distances between the photos; away: from each photo to each product, infinite to its own.
    """
    own = own + np.diag(np.full(len(own), np.inf, np.float32))
    nearest = own.min(1)
    usual = float(np.median(nearest))
    for row, photo in enumerate(photos):
        stranger = int(away[row].argmin())
        if away[row, stranger] < nearest[row]:
            far = f"{away[row, stranger]:.2f} from {names[stranger]}, {nearest[row]:.2f} from the others"
            yield Advice(product, "unlike", f"{photo} is {far}; does it show {product}?")
        elif nearest[row] > max(UNLIKE, FARTHER * usual):
            yield Advice(product, "unlike", f"{photo} is unlike the others, {nearest[row]:.2f} from the nearest")


def _near(other: str, photos: list[str], away: Vectors) -> str:
    best = int(away.argmax())
    if away[best] < NEAR:
        return f"{away.min():.2f} from {other}; photos of the side on which they differ would separate them"
    return f"{away.min():.2f} from {other}; {photos[best]}, {away[best]:.2f} from it, shows how they differ"
