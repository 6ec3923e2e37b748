"""The enrollment folder into the bank: what is new is read, judged and embedded, what is gone is forgotten.

The folder is the truth. A photo whose inode, size and times are unchanged is not opened; one that was moved keeps its
vector by the same sign; one that was copied keeps it by the hash of its content. Newest first, so that a photo just
copied does not wait behind ten thousand others.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from edge.bank.folder import Found, identity, scan
from edge.bank.store import Bank, EmbeddedPhoto, Entry, PhotoRow
from edge.errors import BadPhoto
from edge.images.headers import inspect
from edge.images.letterbox import letterbox
from edge.images.reader import MAX_BYTES, OVERSAMPLING, decode, unreadable
from edge.model.card import ModelCard
from edge.types import Image, Vectors

BATCH = 8
"""Photos in one transaction: half a second of work on a Pi 4."""


class Embeds(Protocol):
    """What sync needs of an Embedder."""

    @property
    def card(self) -> ModelCard: ...
    def embed(self, crops: Sequence[Image]) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class CameraView:
    """The camera's view. A photo of exactly its size, in pixels, is a whole frame of it, and not yet a crop.

    crops: given such a frame, RGB, return the crop of each object that stands in it, cut as a probe is.
    """

    width: int
    height: int
    crops: Callable[[Image], list[Image]]


@dataclass(frozen=True, slots=True)
class Report:
    """What one sync changed, by photo name; renamed: old and new name; refused: the reason.

    embedded: pictures that went through the model. waiting: photos that were left for the next sync, because it was
    asked to stop, or they are still being written.
    """

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    embedded: int = 0
    waiting: int = 0


class _Judged(NamedTuple):
    row: PhotoRow
    crop: Image | None = None
    key: EmbeddedPhoto | None = None


def sync(
    folder: Path,
    bank: Bank,
    embedder: Embeds,
    scene: CameraView | None = None,
    *,
    busy: Callable[[Path], bool] = lambda path: False,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    now: Callable[[], int] = time.time_ns,
    mapped: Callable[[Callable[[Found], "_Judged | None"], Iterable[Found]], Iterator["_Judged | None"]] = map,
) -> Report:
    """Given the enrollment folder, bring the bank in step with it and return what changed.

    scene: the camera's view, if there is one. busy: whether a file is being written just now, and so left alone.
    stop: asked after each batch; True leaves the rest for the next sync. progress: told photos done and to do.
    now: the time in nanoseconds. mapped: `map`, or what does the same on several cores, for photos to be decoded ahead.
    Raise StoreError if folder or bank cannot be read or written, and what the embedder raises; what was done until
    then stays done.
    """
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
            ready.append(PhotoRow(photo.name, photo.product, "", None, photo.fault))
        elif busy(photo.path):
            writing += 1
        elif twin and (twin.reason or twin.hash in known):
            ready.append(PhotoRow(photo.name, photo.product, photo.stamp, twin.hash, twin.reason))
        else:
            todo.append(photo)
    ready = [row for row in ready if row != rows.get(row.name)]
    gone = rows.keys() - {photo.name for photo in found}
    if not (ready or todo or gone or bank.model != model):
        return Report(waiting=writing)

    before = _contents(bank)
    bank.update(ready, gone)
    todo.sort(key=lambda photo: photo.changed, reverse=True)
    judgements = mapped(lambda photo: _judge(photo, known, embedder.card.size, scene), todo)
    done = embedded = 0
    while done < len(todo):
        batch = todo[done : done + BATCH]
        judged = [answer for answer in islice(judgements, len(batch)) if answer]
        new = [answer for answer in judged if answer.key and answer.key.hash not in known]
        crops = {answer.key: answer.crop for answer in new if answer.key and answer.crop is not None}
        vectors = dict(zip(crops, embedder.embed(list(crops.values())), strict=True)) if crops else {}
        bank.update([answer.row for answer in judged if answer.row != rows.get(answer.row.name)], (), model, vectors)
        known |= {key.hash: key for key in vectors}
        embedded += len(vectors)
        done += len(batch)
        writing += len(batch) - len(judged)
        progress(done, len(todo))
        if done < len(todo) and stop():
            break
    else:
        bank.settle(model)
    return _report(before, _contents(bank), embedded, len(todo) - done + writing)


def _to_isolate(about: EmbeddedPhoto, scene: CameraView | None) -> bool:
    """Whether a picture was embedded whole, before it was known to be a frame of this camera."""
    return scene is not None and not about.isolated and (about.width, about.height) == (scene.width, scene.height)


def _judge(photo: Found, known: Mapping[bytes, EmbeddedPhoto], size: int, scene: CameraView | None) -> _Judged | None:
    """Given a photo, read it and return its row and, unless it is known or refused, its crop, (size, size, 3) uint8.

    None if it is gone or was changed while it was read.
    """
    try:
        with photo.path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
            status = os.fstat(file.fileno())
        if len(data) != status.st_size or status.st_mtime_ns != photo.mtime:
            return None
    except FileNotFoundError:
        return None
    except OSError as error:
        return _Judged(PhotoRow(photo.name, photo.product, "", None, unreadable(error)))
    digest = blake2b(data, digest_size=16).digest()
    row = PhotoRow(photo.name, photo.product, photo.stamp, digest, None)
    if digest in known:
        return _Judged(row)
    try:
        header = inspect(data)
        whole = scene is not None and header.size == (scene.width, scene.height)
        image = decode(data, None if whole else OVERSAMPLING * size, header)
    except BadPhoto as error:
        return _Judged(row._replace(reason=str(error)))
    if scene is not None and whole:
        crops = scene.crops(image)
        if len(crops) != 1:
            reason = f"a whole frame of this camera with {len(crops) or 'no'} objects in it; expected exactly one"
            return _Judged(row._replace(stamp="", reason=reason))
        image = crops[0]
    return _Judged(row, letterbox(image, size), EmbeddedPhoto(digest, *header.size, whole))


_Contents = dict[str, tuple[Entry, bytes | None]]


def _contents(bank: Bank) -> _Contents:
    return {entry.photo: (entry, row.hash) for entry, row in zip(bank.entries(), bank.rows().values(), strict=True)}


def _report(before: _Contents, after: _Contents, embedded: int, waiting: int) -> Report:
    """Tell what changed between two states of the bank."""
    old = {name: digest for name, (entry, digest) in before.items() if entry.reason is None}
    new = {name: digest for name, (entry, digest) in after.items() if entry.reason is None}
    added, removed = [name for name in new if name not in old], [name for name in old if name not in new]
    sources = {old[name]: name for name in removed if name not in after}
    renamed = tuple((sources.pop(new[name]), name) for name in added if new[name] in sources)
    told = {name for pair in renamed for name in pair}
    return Report(
        added=tuple(name for name in added if name not in told),
        replaced=tuple(name for name in new if name in old and new[name] != old[name]),
        renamed=renamed,
        removed=tuple(name for name in removed if name not in told and name not in after),
        refused={
            name: entry.reason
            for name, (entry, _) in after.items()
            if entry.reason and (name not in before or before[name][0].reason != entry.reason)
        },
        embedded=embedded,
        waiting=waiting,
    )
