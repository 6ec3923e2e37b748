"""The enrollment folder: which photos lie in it, and of which product.

    enroll/cola/front.jpg, enroll/cola/back.png    a folder a product
    enroll/cola1.jpg, enroll/cola-2.jpg            flat: the product, then a number

Names that begin with a dot are ignored (rsync and others write there), as are files that are no pictures by suffix.
"""

import os
import re
import stat
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from edge.errors import StoreError
from edge.images.reader import MAX_BYTES, SUFFIXES, too_many_bytes, unreadable

OTHER_PICTURES = frozenset({".gif", ".bmp", ".tif", ".tiff"})

RACY = 2_000_000_000
"""Nanoseconds for which a changed file's times are not trusted to change again (FAT keeps them to two seconds)."""

_NUMBER = re.compile(r"[\s_.-]*([0-9]+|\([0-9]+\))$")


class Found(NamedTuple):
    """A photo in the folder, not yet read.

    name: path relative to the folder, with slashes. product: "" where it cannot be told.
    stamp: inode, size and times in one string, equal while the file is unchanged; "" while it is too young to tell.
    changed: when it last changed; mtime: when its content did, as far as is told; both in nanoseconds.
    fault: why it cannot be used, if that is known already.
    """

    name: str
    path: Path
    product: str
    stamp: str = ""
    changed: int = 0
    mtime: int = 0
    fault: str | None = None


def identity(stamp: str) -> str:
    """Given a stamp, return the part of it that renaming a file leaves alone; "" for no stamp."""
    return stamp.rpartition(" ")[0]


def scan(folder: Path, now: Callable[[], int] = time.time_ns) -> list[Found]:
    """Given the enrollment folder, return the photos in it, by name. now: the time in nanoseconds.

    Raise StoreError if the folder itself cannot be read.
    """
    try:
        entries = _visible(folder)
    except FileNotFoundError as error:
        raise StoreError(f"enrollment folder {folder}: not found; create it, or mount what it lies on") from error
    except OSError as error:
        raise StoreError(f"enrollment folder {folder}: {unreadable(error)}") from error
    found = []
    for entry in entries:
        product = unicodedata.normalize("NFC", entry.name)
        if not entry.is_dir():
            stem = os.path.splitext(product)[0]
            found += _photo(entry, "", _NUMBER.sub("", stem), now)
            continue
        if _not_text(entry.name):
            found.append(_fault(entry, "", "", "the name is not UTF-8; rename it"))
            continue
        try:
            inside = _visible(Path(entry.path))
        except OSError as error:
            found.append(_fault(entry, "", product, unreadable(error)))
            continue
        for photo in inside:
            if photo.is_dir():
                fault = "a folder within a product's folder is not read; move its photos up into the product's"
                found.append(_fault(photo, entry.name + "/", product, fault))
            else:
                found += _photo(photo, entry.name + "/", product, now)
    return sorted(found)


def _visible(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry in entries if not entry.name.startswith(".")]


def _not_text(name: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in name)


def _fault(entry: os.DirEntry[str], prefix: str, product: str, reason: str) -> Found:
    name = (prefix + entry.name).encode("utf-8", "backslashreplace").decode()
    return Found(name, Path(entry.path), product, fault=reason)


def _photo(entry: os.DirEntry[str], prefix: str, product: str, now: Callable[[], int]) -> list[Found]:
    """Given a directory entry, return the photo that it is, in a list; nothing if it is none or has just gone."""
    suffix = os.path.splitext(entry.name)[1].lower()
    if suffix in OTHER_PICTURES:
        return [_fault(entry, prefix, product, f"{suffix} is not read; save it as JPEG or PNG")]
    if suffix not in SUFFIXES:
        return []
    if _not_text(entry.name):
        return [_fault(entry, prefix, "", "the name is not UTF-8; rename it")]
    if not product:
        return [_fault(entry, prefix, "", "no product in the name; expected PRODUCT and a number, or a folder for it")]
    try:
        status = entry.stat()
    except FileNotFoundError as error:
        return [_fault(entry, prefix, product, unreadable(error))] if entry.is_symlink() else []
    except OSError as error:
        return [_fault(entry, prefix, product, unreadable(error))]
    if not stat.S_ISREG(status.st_mode):
        return [_fault(entry, prefix, product, "not a file; expected a picture")]
    if status.st_size > MAX_BYTES:
        return [_fault(entry, prefix, product, too_many_bytes(status.st_size))]
    changed = max(status.st_mtime_ns, status.st_ctime_ns)
    stamp = f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
    stamp = stamp if now() - changed > RACY else ""
    return [Found(prefix + entry.name, Path(entry.path), product, stamp, changed, status.st_mtime_ns)]
