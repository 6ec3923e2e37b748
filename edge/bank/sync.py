"""The enrollment folder into the bank: what is new is read, judged and embedded, what is gone is forgotten.

The folder is the truth. A photo whose inode, size and times are unchanged is not opened; one that was moved keeps its
vector by the same sign; one that was copied keeps it by the hash of its content. Newest first, so that a photo just
copied does not wait behind ten thousand others.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np

from edge.bank.folder import Found, identity, scan
from edge.bank.judge import CameraView, Judge, Judged
from edge.bank.store import Bank
from edge.bank.tables import LENGTH_TOLERANCE, EmbeddedPhoto, Entry, PhotoRow
from edge.bank.video_views import VideoReader
from edge.bank.views import farthest_first
from edge.errors import BadModel, DatabaseDamaged
from edge.model.card import ModelCard
from edge.types import Image, Vectors

log = logging.getLogger(__name__)

BATCH = 8
"""Photos in one transaction: half a second of work on a Pi 4."""

STILL = "every frame of the video shows the same view; turn the product while filming"


class Embeds(Protocol):
    """What sync needs of an Embedder."""

    @property
    def card(self) -> ModelCard: ...
    def embed(self, crops: Sequence[Image]) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class Report:
    """What one sync changed, by photo name; renamed: old and new name; refused, ignored: the reason.

    embedded: pictures that went through the model. waiting: photos that were left for the next sync, because it was
    asked to stop, or they are still being written.
    """

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    embedded: int = 0
    waiting: int = 0


def sync(
    folder: Path,
    bank: Bank,
    embedder: Embeds,
    scene: CameraView | None = None,
    video: VideoReader | None = None,
    *,
    busy: Callable[[Path], bool] = lambda path: False,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    now: Callable[[], int] = time.time_ns,
    mapped: Callable[[Callable[[Found], Judged | None], Iterable[Found]], Iterator[Judged | None]] = map,
) -> Report:
    """Given the enrollment folder, bring the bank in step with it and return what changed.

    scene: the camera's view, if there is one. video: how videos are read, if they are.
    busy: whether a file is being written just now, and so left alone.
    stop: asked after each batch; True leaves the rest for the next sync. progress: told photos done and to do.
    now: the time in nanoseconds. mapped: `map`, or what does the same on several cores, for photos to be decoded ahead.
    Raise StoreError if folder or bank cannot be read or written, and what the embedder raises; what was done until
    then stays done.
    """
    once = partial(_sync, folder, bank, embedder, scene, video, busy, stop, progress, now, mapped)
    try:
        return once()
    except DatabaseDamaged as error:
        log.warning("%s", error)
        return once()  # the bank is empty now: everything is embedded again


def _sync(
    folder: Path,
    bank: Bank,
    embedder: Embeds,
    scene: CameraView | None,
    video: VideoReader | None,
    busy: Callable[[Path], bool],
    stop: Callable[[], bool],
    progress: Callable[[int, int], None],
    now: Callable[[], int],
    mapped: Callable[[Callable[[Found], Judged | None], Iterable[Found]], Iterator[Judged | None]],
) -> Report:
    found = scan(folder, now)
    rows = bank.rows()
    model = embedder.card.id
    known = {key: about for key, about in bank.embedded(model).items() if not _to_isolate(about, scene)}
    moved = {identity(row.stamp): row for row in rows.values() if row.stamp and row.hash}
    ready, todo, writing = [], [], 0
    for photo in found:
        row = rows.get(photo.name)
        twin = row if row and row.stamp == photo.stamp and photo.stamp else moved.get(identity(photo.stamp))
        if photo.fault:
            ready.append(PhotoRow(photo.name, photo.product, "", None, photo.fault, photo.ignored))
        elif busy(photo.path):
            writing += 1
        elif twin and (twin.reason or twin.hash in known):
            ready.append(twin._replace(name=photo.name, product=photo.product, stamp=photo.stamp))
        else:
            todo.append(photo)
    ready = [row for row in ready if row != rows.get(row.name)]
    gone = rows.keys() - {photo.name for photo in found}
    if not (ready or todo or gone or bank.model != model):
        return Report(waiting=writing)

    before = bank.contents()
    bank.update(ready, gone)
    todo.sort(key=lambda photo: photo.changed, reverse=True)
    judgements = mapped(Judge(known, embedder.card.size, scene, video, stop), todo)
    done = embedded = 0
    while done < len(todo):
        batch = todo[done : done + BATCH]
        judged = [answer for answer in islice(judgements, len(batch)) if answer]
        new = [answer for answer in judged if answer.key and answer.key.hash not in known]
        vectors = _embedded(new, embedder)
        still = {answer.row.name for answer in new if answer.key not in vectors}
        judged_rows = [row._replace(reason=STILL) if row.name in still else row for row, *_ in judged]
        bank.update([row for row in judged_rows if row != rows.get(row.name)], (), model, vectors)
        known |= {key.hash: key for key in vectors}
        embedded += len(vectors)
        done += len(batch)
        writing += len(batch) - len(judged)
        progress(done, len(todo))
        if done < len(todo) and stop():
            break
    else:
        bank.settle(model)
    return _report(before, bank.contents(), embedded, len(todo) - done + writing)


def _embedded(judged: Sequence[Judged], embedder: Embeds) -> dict[EmbeddedPhoto, Vectors]:
    """Given files with their crops, return the vectors of each, (views, D): of a video's, those that differ.

    A video without two that differ is left out. Raise BadModel if a vector is not of unit length.
    """
    crops = {answer.key: answer.crops for answer in judged if answer.key}
    if not crops:
        return {}
    vectors = embedder.embed([crop for several in crops.values() for crop in several])
    lengths = np.linalg.norm(vectors, axis=1)
    if not (abs(lengths - 1) <= LENGTH_TOLERANCE).all():
        raise BadModel(f"model {embedder.card.id[:12]}: gives a vector of length {lengths.max():.3g}; export it again")
    ends = np.cumsum([len(several) for several in crops.values()])
    parts = zip(crops, np.split(vectors, ends[:-1]), strict=True)
    views = ((key, part[farthest_first(part)], len(part)) for key, part in parts)
    return {key: part for key, part, count in views if len(part) > 1 or count == 1}


def _to_isolate(about: EmbeddedPhoto, scene: CameraView | None) -> bool:
    """Whether a picture was embedded whole, before it was known to be a frame of this camera."""
    if scene is None or about.isolated or about.note:
        return False
    return (about.width, about.height) == (scene.width, scene.height)


_Contents = dict[str, tuple[Entry, bytes | None]]


def _report(before: _Contents, after: _Contents, embedded: int, waiting: int) -> Report:
    """Tell what changed between two states of the bank."""
    old = {name: digest for name, (entry, digest) in before.items() if entry.reason is None}
    new = {name: digest for name, (entry, digest) in after.items() if entry.reason is None}
    added, removed = [name for name in new if name not in old], [name for name in old if name not in new]
    sources = {old[name]: name for name in removed if name not in after}
    renamed = tuple((sources.pop(new[name]), name) for name in added if new[name] in sources)
    fresh = {name: entry for name, (entry, _) in after.items() if name not in before or before[name][0] != entry}
    told = {name for pair in renamed for name in pair}
    return Report(
        added=tuple(name for name in added if name not in told),
        replaced=tuple(name for name in new if name in old and new[name] != old[name]),
        renamed=renamed,
        removed=tuple(name for name in removed if name not in told and name not in after),
        refused={name: str(entry.reason) for name, entry in fresh.items() if entry.state == "refused"},
        ignored={name: str(entry.reason) for name, entry in fresh.items() if entry.state == "ignored"},
        embedded=embedded,
        waiting=waiting,
    )
