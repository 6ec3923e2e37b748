"""What a model can do, measured on sets of photos."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from edge.errors import BadPhoto
from edge.model.cohort import Cohort
from edge.model.embedder import Embedder
from edge.recognition.decision import Rule
from training.data.photos import find_photos
from training.evaluation.at_decision import Outcome, outcome
from training.evaluation.drawn_banks import MIN_PRODUCTS
from training.evaluation.embedded import EmbeddedSet, embed_photos, pool
from training.evaluation.evidence import PHOTOS
from training.evaluation.results import OPERATING_FARS, Group, Result, result

POOLED = "all sets"


def evaluate(
    embedder: Embedder,
    sets: Sequence[Path],
    trained: Collection[str],
    far: float = 0.01,
    cohort: Cohort | None = None,
) -> list[Result]:
    """Given a model, folders of sets and the names of the products trained on, measure each set, and all of them as
    one if there are several.

    far: a false accept rate to measure beside OPERATING_FARS. cohort: of the model, to measure its decision. Raise
    BadPhoto if a set cannot be measured.
    """
    names = [folder.resolve().name for folder in sets]
    if len(set(names)) < len(names):
        raise BadPhoto(f"sets of photos: expected different names, got {', '.join(names)}; rename a folder")
    every = []
    for name, folder in zip(names, sets, strict=True):
        photos = find_photos(folder)
        left_out = sorted({photo.product for photo in photos if photo.product} - set(trained))
        card = embedder.card
        every.append((name, embed_photos(embedder.embed, photos, left_out, card.id, size=card.size)))
    if len(every) > 1:
        every.append((POOLED, pool([embedded for _, embedded in every])))
    fars = sorted({*OPERATING_FARS, far}, reverse=True)
    return [
        replace(result(name, [embedded], fars), decided=_decided(embedded, cohort) if cohort else {})
        for name, embedded in every
    ]


def _decided(embedded: EmbeddedSet, cohort: Cohort) -> dict[int, Outcome]:
    if len(embedded.never_trained) < MIN_PRODUCTS:
        return {}
    non_products = {"non-products": embedded.vectors[embedded.rows("non-product")]}
    rules = {"non-products": Rule(None, cohort=cohort)}
    return {photos: outcome(embedded, rules, non_products, photos) for photos in PHOTOS}


def deciding(result: Result) -> Group:
    """Given a measured set, return the group that thresholds are taken from: every product, else the never-trained."""
    return next(result.groups[name] for name in ("both", "never-trained", "trained") if name in result.groups)
