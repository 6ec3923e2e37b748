"""The cohort of a model, NAME.cohort.npz beside NAME.tflite: vectors of things that are nobody's product.

A bank's false accepts are estimated with it on the Pi, without photos and without the training code. Nothing in it was
trained on, since trained things score unlike new ones. Beside the vectors lie the weights of the regression that says
how likely a name is right; both belong to one model. `python -m training cohort` writes the file.
"""

from dataclasses import astuple, dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from edge.errors import BadModel
from edge.types import Vectors


@dataclass(frozen=True, slots=True)
class Weights:
    """The log odds that the nearest product is right are

    bias + score * s + margin * (s - second) + likeness * l

    with its cosine s, the second product's cosine and the likeness l of the bank.
    usual_likeness: of the banks that the weights were fitted on, in place of one that a small bank cannot tell.
    """

    bias: float
    score: float
    margin: float
    likeness: float
    usual_likeness: float


@dataclass(frozen=True, slots=True)
class Cohort:
    """vectors: (M, D) float32, unit rows. sources: what each group of them shows, with its count and licence."""

    vectors: Vectors
    weights: Weights
    sources: tuple[str, ...] = ()


def cohort_path(model: Path) -> Path:
    """Given a model file, return where its cohort lies."""
    return model.with_suffix(".cohort.npz")


def save_cohort(model: Path, model_id: str, cohort: Cohort) -> Path:
    """Given a model file and its id, write its cohort in 8 bits a number and return the path."""
    scale = 127 / np.maximum(np.abs(cohort.vectors).max(axis=1, keepdims=True), 1e-12)
    path = cohort_path(model)
    draft = path.with_name("." + path.name)
    np.savez_compressed(
        draft,
        model=np.array(model_id),
        codes=np.rint(cohort.vectors * scale).astype(np.int8),
        weights=np.array(astuple(cohort.weights)),
        sources=np.array(cohort.sources, np.str_),
    )
    draft.replace(path)
    return path


def load_cohort(model: Path, model_id: str, dimension: int) -> Cohort | None:
    """Given a model file, its id and the length of its vectors, return its cohort; None if it has none.

    Raise BadModel if the file is damaged or belongs to another model.
    """
    path = cohort_path(model)
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as file:
            owner, codes = str(file["model"]), file["codes"]
            weights, sources = Weights(*map(float, file["weights"])), tuple(file["sources"].tolist())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise BadModel(f"cohort {path}: {str(error).splitlines()[0]}; copy it again, or delete it") from error
    if owner != model_id:
        raise BadModel(f"cohort {path}: it is of model {owner[:12]}…, not of {model_id[:12]}…; copy both again")
    if codes.dtype != np.int8 or codes.ndim != 2 or codes.shape[1] != dimension or not len(codes):
        raise BadModel(f"cohort {path}: expected (M, {dimension}) int8, got {codes.shape} {codes.dtype}")
    vectors: Vectors = codes.astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return Cohort(vectors, weights, sources)
