"""The cohort that ships with a model, and what its decision gives, measured on sets and things it was not fitted on."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.errors import BadPhoto
from edge.model.cohort import Cohort, Weights, save_cohort
from edge.model.embedder import Embedder
from edge.recognition.decision import Rule
from edge.types import Vectors
from training.data.photos import find_photos, pictures
from training.evaluation.at_decision import Outcome, lines, outcome
from training.evaluation.drawn_banks import MIN_PRODUCTS
from training.evaluation.embedded import EmbeddedSet, embed_photos
from training.evaluation.evidence import (
    PHOTOS,
    Evidence,
    calibration_error,
    confidences,
    evidence,
    fit,
    leave_one_out,
    usual_likeness,
)
from training.evaluation.plots import reliability


@dataclass(frozen=True, slots=True)
class Source:
    """Photos of nobody's products. text: what they show, with their licence, for the card."""

    folder: Path
    text: str

    @classmethod
    def parse(cls, given: str) -> "Source":
        """Given FOLDER=TEXT, return it. Raise BadPhoto if either is missing."""
        folder, _, text = given.partition("=")
        if not folder or not text:
            raise BadPhoto(f"--others: expected FOLDER=TEXT, got {given}")
        return cls(Path(folder), text)


def build_cohort(
    embedder: Embedder, model: Path, sets: Sequence[Path], sources: Sequence[Source], plot: Path | None = None
) -> tuple[Path, list[str]]:
    """Given a model, sets of products and other things that it was not trained on, write its cohort and its card.

    Return the path, and lines that say what the decision gives: each set by weights fitted on the others, each source
    by a cohort without it. plot: a PNG file to draw the confidences of the same weights in. Raise BadPhoto if a set has
    fewer than three products, or a source no photo.
    """
    products = {folder.resolve().name: _new_products(embedder, folder) for folder in sets}
    others = {source.folder.resolve().name: _vectors(embedder, source.folder) for source in sources}
    every = np.concatenate(list(others.values()))
    usual = usual_likeness(list(products.values()))
    evidences = {name: evidence(each, every, usual) for name, each in products.items()}
    counted = [f"{len(others[s.folder.resolve().name])} of {s.text}" for s in sources]
    cohort = Cohort(every, fit(list(evidences.values()), usual), tuple(counted))
    path = save_cohort(model, embedder.card.id, cohort)

    held = leave_one_out(evidences, usual)
    measured = {name: _measured(each, held[name], others) for name, each in products.items()}
    errors = {name: _error(evidences[name], held[name]) for name in products}
    if plot:
        held_out = {n: (confidences(each, held[n]), each.right, each.weight) for n, each in evidences.items()}
        plot.write_bytes(reliability(held_out))
    about = {
        "cohort": {"vectors": len(every), "sources": counted, "weights": dataclasses.asdict(cohort.weights)},
        "decision": {
            name: {f"{photos} photos": each.plain() for photos, each in by_photos.items()}
            | {"calibration_error": round(errors[name], 4)}
            for name, by_photos in measured.items()
        },
    }
    dataclasses.replace(embedder.card, about=embedder.card.about | about).save(model)
    return path, [
        line for name in products for line in (f"{name}: calibration error {errors[name]:.3f}", *lines(measured[name]))
    ]


def _measured(embedded: EmbeddedSet, weights: Weights, others: Mapping[str, Vectors]) -> dict[int, Outcome]:
    """What happens to a set by weights that were not fitted on it, and to each source by a cohort without it."""
    rules = {}
    for kind in others:
        rest = np.concatenate([vectors for other, vectors in others.items() if other != kind])
        rules[kind] = Rule(None, cohort=Cohort(rest, weights))
    return {photos: outcome(embedded, rules, others, photos) for photos in PHOTOS}


def _error(held: Evidence, weights: Weights) -> float:
    return calibration_error(confidences(held, weights), held.right, held.weight)


def _new_products(embedder: Embedder, folder: Path) -> EmbeddedSet:
    photos = find_photos(folder)
    new = sorted({photo.product for photo in photos if photo.product} - set(embedder.card.about.get("trained", ())))
    if len(new) < MIN_PRODUCTS:
        raise BadPhoto(f"{folder}: expected at least {MIN_PRODUCTS} products never trained on, got {len(new)}")
    return embed_photos(embedder.embed, photos, new, embedder.card.id, size=embedder.card.size)


def _vectors(embedder: Embedder, folder: Path) -> Vectors:
    photos = pictures(folder)
    if not photos:
        raise BadPhoto(f"{folder}: no photos found")
    return embed_photos(embedder.embed, photos, size=embedder.card.size).vectors
