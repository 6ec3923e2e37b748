"""The enrollment folder: which photos lie in it, and of which product.

    enroll/cola/front.jpg, enroll/cola/back.png    one folder per product
    enroll/cola1.jpg, enroll/cola-2.jpg            flat: the product, then a number

A file without a suffix is told by its content. Names that begin with a dot are passed over (rsync and others write
there); any other file that is no picture is ignored, with the reason.
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

VIDEOS = frozenset({".mp4", ".mov", ".m4v", ".webm", ".mkv"})
MAX_VIDEO_BYTES = 256 * 2**20
OTHER_PICTURES = frozenset({".gif", ".bmp", ".tif", ".tiff"})

RACY = 2_000_000_000
"""Nanoseconds for which a changed file's times are not trusted to change again (FAT keeps them to two seconds)."""

_CAMERA_NAME = re.compile(
    r"(_?img|_?mg|dsc[nf]?|pxl|dcim|mvimg|vid|mov|gopr|image|photo|picture|screenshot|whatsapp (image|video)"
    r"|p(?=\d{6})|\d{8}(?=_))"
    r"([\s_.()-]|\d|wa(?=\d)|at\b)*",
    re.IGNORECASE,
)
"""What cameras, phones and messengers call a file, without its suffix."""

_NUMBER = re.compile(r"[\s_.-]*([0-9]+|\([0-9]+\))$")


class Found(NamedTuple):
    """A photo in the folder, not yet read.

    name: path relative to the folder, with slashes. product: "" where it cannot be told.
    stamp: inode, size and times in one string, equal while the file is unchanged; "" while it is too young to tell.
    changed: when it last changed; mtime: when its content did, as far as is told; both in nanoseconds.
    fault: why it cannot be used, if that is known already. ignored: it is no photo at all, so nobody need do anything.
    """

    name: str
    path: Path
    product: str
    stamp: str = ""
    changed: int = 0
    mtime: int = 0
    fault: str | None = None
    ignored: bool = False


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
            found += _photo(entry, "", _flat_product(product), now)
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


def _flat_product(name: str) -> str:
    """Given the name of a file in the folder itself, return the product that it names; "" for none."""
    return _NUMBER.sub("", os.path.splitext(name)[0])


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
    if suffix and suffix not in SUFFIXES | VIDEOS:
        fault = _fault(entry, prefix, product, "not a photo or video by its name")
        return [fault._replace(ignored=True)]
    if _not_text(entry.name):
        return [_fault(entry, prefix, "", "the name is not UTF-8; rename it")]
    if not prefix and suffix and _CAMERA_NAME.fullmatch(os.path.splitext(entry.name)[0]):
        reason = "a camera's file name, which names no product; put it into a folder named after the product"
        return [_fault(entry, prefix, "", reason)]
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
    most = MAX_VIDEO_BYTES if suffix in VIDEOS else MAX_BYTES
    if status.st_size > most:
        return [_fault(entry, prefix, product, too_many_bytes(status.st_size, most))]
    changed = max(status.st_mtime_ns, status.st_ctime_ns)
    stamp = f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
    stamp = stamp if now() - changed > RACY else ""
    return [Found(prefix + entry.name, Path(entry.path), product, stamp, changed, status.st_mtime_ns)]
