"""The protocol: four photos of each product, chosen at random, are enrolled; each probe is named after the nearest.

Each draw asks of a group of products, with the vectors of `training.evaluation.embedded`:
- all enrolled: is each probe named rightly, and how near do non-products come?
- the probe's own product not enrolled, all others enrolled: how near does it come to a wrong one?
- half of the group not enrolled, each half in turn: the same with as many unknown products as enrolled ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from edge.errors import BadPhoto
from training.evaluation.embedded import EmbeddedSet

ENROLLED, NON_PRODUCT, HALF_KNOWN, HALF_UNKNOWN = "enrolled", "non-product", "half-known", "half-unknown"

SHOTS, DRAWS = 4, 5
"""Photos enrolled of each product, and how often they are drawn."""


@dataclass(frozen=True, slots=True)
class Trials:
    """One row for each probe against each gallery, columns (N,).

    kind: ENROLLED, its product and all others enrolled; NON_PRODUCT, against the same gallery; HALF_KNOWN and
    HALF_UNKNOWN, half of the group enrolled, the probe's product among them or not.
    truth: the probe's product, "" for a non-product. named: the product of the nearest enrolled photo.
    own, other: cosine to the nearest enrolled photo of its own and of any other product; nan where there is none.
    `other` is also its best score when its own product is not enrolled.
    probe, rival: rows of the probe and of that nearest photo of another product in the `EmbeddedSet`.
    """

    kind: npt.NDArray[np.str_]
    truth: npt.NDArray[np.str_]
    named: npt.NDArray[np.str_]
    own: npt.NDArray[np.float32]
    other: npt.NDArray[np.float32]
    probe: npt.NDArray[np.intp]
    rival: npt.NDArray[np.intp]

    @property
    def score(self) -> npt.NDArray[np.float32]:
        """Cosine to the nearest enrolled photo."""
        return np.fmax(self.own, self.other)

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Whether the nearest enrolled photo is of the probe's product."""
        return np.equal(self.named, self.truth)

    def only(self, kind: str) -> "Trials":
        """The rows of one kind."""
        return Trials(*(getattr(self, column.name)[self.kind == kind] for column in fields(self)))


def join(parts: Iterable[Trials]) -> Trials:
    """Given the trials of several galleries or models over the same photos, return one table."""
    parts = list(parts)
    return Trials(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Trials)))


def trials(
    embedded: EmbeddedSet,
    group: Sequence[str],
    others: Sequence[str] = (),
    *,
    shots: int = SHOTS,
    draws: int = DRAWS,
    seed: int = 0,
) -> Trials:
    """Given embedded photos, probe the products of `group`, with `others` enrolled too but never probed.

    Each draw enrolls `shots` photos a product, from different scenes. Raise BadPhoto if a product has fewer scenes,
    or no probe is left.
    """
    products = np.array([photo.product for photo in embedded.photos])
    non_products = embedded.rows("non-product")
    parts = []
    for draw in range(draws):
        generator = np.random.default_rng((seed, draw))
        enrolled = {p: _enroll(embedded, p, shots, generator) for p in sorted({*group, *others})}
        probes = {p: _probes(embedded, p, enrolled[p]) for p in group}
        gallery = np.concatenate(list(enrolled.values()))
        asked = np.concatenate([probes[p] for p in group])
        parts.append(_against(embedded, products, gallery, asked, ENROLLED))
        parts.append(_against(embedded, products, gallery, non_products, NON_PRODUCT))
        for out in np.array_split(generator.permutation(np.asarray(group)), 2) if len(group) > 1 else []:
            kept = np.concatenate([rows for p, rows in enrolled.items() if p not in out])
            known = np.concatenate([probes[p] for p in group if p not in out])
            unknown = np.concatenate([probes[p] for p in out])
            parts.append(_against(embedded, products, kept, known, HALF_KNOWN))
            parts.append(_against(embedded, products, kept, unknown, HALF_UNKNOWN))
    return join(parts)


def _enroll(embedded: EmbeddedSet, product: str, shots: int, generator: np.random.Generator) -> npt.NDArray[np.intp]:
    """One photo from each of `shots` scenes, all chosen at random."""
    scenes: dict[str, list[int]] = {}
    for row in embedded.rows("enroll", "any"):
        if embedded.photos[row].product == product:
            scenes.setdefault(embedded.photos[row].scene, []).append(int(row))
    if len(scenes) < shots:
        raise BadPhoto(f"{product}: {len(scenes)} scenes to enroll from, expected at least {shots}; add photos")
    picked = generator.choice(sorted(scenes), shots, replace=False)
    return np.array([generator.choice(scenes[scene]) for scene in picked], np.intp)


def _probes(embedded: EmbeddedSet, product: str, enrolled: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    photos = embedded.photos
    seen = {photos[row].scene for row in enrolled}
    rows = [r for r in embedded.rows("probe", "any") if photos[r].product == product and photos[r].scene not in seen]
    if not rows:
        raise BadPhoto(f"{product}: no photo is left to be a probe; add photos from other scenes")
    return np.array(rows, np.intp)


def _against(
    embedded: EmbeddedSet,
    products: npt.NDArray[np.str_],
    gallery: npt.NDArray[np.intp],
    probes: npt.NDArray[np.intp],
    kind: str,
) -> Trials:
    scores = embedded.vectors[probes] @ embedded.vectors[gallery].T
    same = products[probes][:, None] == products[gallery][None, :]
    others = np.where(same, -np.inf, scores)
    return Trials(
        kind=np.full(len(probes), kind),
        truth=products[probes],
        named=products[gallery[np.argmax(scores, axis=1)]],
        own=_or_nan(np.where(same, scores, -np.inf).max(axis=1)),
        other=_or_nan(others.max(axis=1)),
        probe=probes,
        rival=gallery[np.argmax(others, axis=1)],
    )


def _or_nan(best: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.where(np.isfinite(best), best, np.nan).astype(np.float32)
