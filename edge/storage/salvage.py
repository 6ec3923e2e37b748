"""The rows of a damaged SQLite file, read from its pages and not by its tree, its schema or its header.

Every page that may be the leaf of a table is decoded by itself, so that a damaged page costs only its own rows. Rows
that were deleted may come back. What the log holds counts before what the file holds, up to its first broken frame.
File format: https://sqlite.org/fileformat2.html
"""

import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

Value = int | float | str | bytes | None

OTHER_PAGES = (0x02, 0x05, 0x0A)
"""The first byte of a page of an index or of an inner page of a table. That of a leaf is 0x0D, unless it is damaged."""

LARGEST_ROW = 2**53
"""Row ids that are no smaller are damage: no program of ours comes so far, and JSON cannot tell them apart."""

_LENGTHS = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
"""Bytes of a value of each serial type: null, integers, a real number, and the constants 0 and 1."""

_CONSTANTS: dict[int, Value] = {0: None, 8: 0, 9: 1}


def rows(path: Path, page_size: int, columns: range) -> Iterator[tuple[int, list[Value]]]:
    """Given a damaged file, yield row id and values of each row that can be read, from the file's end to its start.

    page_size: bytes. columns: the numbers of columns that a wanted row may have. An INTEGER PRIMARY KEY is None among
    the values: it is the row id. Raise OSError if the file cannot be read.
    """
    with path.open("rb") as file:
        pages = _Pages(file, path.with_name(path.name + "-wal"), page_size)
        for number in range(pages.count, 0, -1):
            yield from _leaf(pages, number, columns)


class _Pages:
    """The pages of a file, of which the first is number 1. count: how many there are. size: bytes of each."""

    def __init__(self, file: BinaryIO, log: Path, size: int) -> None:
        self.size = size
        self._file = file.fileno()
        self._logged = _logged(log.read_bytes(), size) if log.exists() else {}
        self.count = max([os.fstat(self._file).st_size // size, *self._logged])

    def __getitem__(self, number: int) -> bytes:
        """The content of a page. Raise ValueError if there is none, or it cannot be read."""
        if number in self._logged:
            return self._logged[number]
        try:
            page = os.pread(self._file, self.size, (number - 1) * self.size) if 0 < number <= self.count else b""
        except OSError as error:
            raise ValueError("a page that the disk does not give") from error
        if len(page) < self.size:
            raise ValueError("a page outside the file")
        return page


def _leaf(pages: _Pages, number: int, columns: range) -> Iterator[tuple[int, list[Value]]]:
    """The rows on a page, if it is the leaf of a table."""
    start = 100 if number == 1 else 0
    try:
        page = pages[number]
    except ValueError:
        return
    if page[start] in OTHER_PAGES:
        return
    cells = int.from_bytes(page[start + 3 : start + 5], "big")
    for cell in range(min(cells, pages.size // 4)):
        pointer = start + 8 + 2 * cell
        try:
            size, offset = _varint(page, int.from_bytes(page[pointer : pointer + 2], "big"))
            row, offset = _varint(page, offset)
            values = _record(_payload(pages, page, offset, size), columns)
        except (IndexError, ValueError, struct.error):
            continue
        if values is not None and 0 < row < LARGEST_ROW:
            yield row, values


def _logged(log: bytes, page_size: int) -> dict[int, bytes]:
    """The pages in a write-ahead log, each as of the last commit."""
    order = "little" if log[:4] == b"\x37\x7f\x06\x82" else "big"
    committed: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    sums = _checksum(log[:24], order, (0, 0))
    for start in range(32, len(log) - page_size - 23, page_size + 24):
        head, page = log[start : start + 24], log[start + 24 : start + 24 + page_size]
        sums = _checksum(page, order, _checksum(head[:8], order, sums))
        if head[8:16] != log[16:24] or struct.unpack(">II", head[16:]) != sums:
            break
        number, size = struct.unpack(">II", head[:8])
        pending[number] = page
        if size:  # the last frame of a commit
            committed |= pending
            pending.clear()
    return committed


def _checksum(data: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{'<' if order == 'little' else '>'}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _payload(pages: _Pages, page: bytes, offset: int, size: int) -> bytes:
    """The record that begins on a leaf; what does not fit there goes on in a chain of pages."""
    if size > pages.count * pages.size:
        raise ValueError("a record longer than the file")
    most, least = pages.size - 35, (pages.size - 12) * 32 // 255 - 23
    local = size
    if size > most:
        local = least + (size - least) % (pages.size - 4)
        local = local if local <= most else least
    payload = page[offset : offset + local]
    following = int.from_bytes(page[offset + local : offset + local + 4], "big")
    while len(payload) < size:
        page = pages[following]
        payload += page[4 : 4 + size - len(payload)]
        following = int.from_bytes(page[:4], "big")
    return payload


def _record(payload: bytes, columns: range) -> list[Value] | None:
    """The values of a record; None if it has another number of them. Raise ValueError if it is none."""
    length, offset = _varint(payload, 0)
    kinds: Sequence[int] = payload[offset:length]
    if max(kinds, default=0) >= 0x80:
        kinds = list(_varints(payload, offset, length))
    if len(kinds) not in columns:
        return None
    values: list[Value] = []
    offset = length
    for kind in kinds:
        end = offset + (_LENGTHS[kind] if kind < 12 else (kind - 12) // 2)
        content = payload[offset:end]
        if kind >= 12:
            values.append(content.decode() if kind % 2 else content)
        elif kind in _CONSTANTS:
            values.append(_CONSTANTS[kind])
        else:
            values.append(struct.unpack(">d", content)[0] if kind == 7 else int.from_bytes(content, "big", signed=True))
        offset = end
    if offset != len(payload):
        raise ValueError("a record that does not fill its cell")
    return values


def _varints(data: bytes, offset: int, end: int) -> Iterator[int]:
    while offset < end:
        number, offset = _varint(data, offset)
        yield number


def _varint(data: bytes, offset: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where what follows begins."""
    number = 0
    for i in range(8):
        byte = data[offset + i]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, offset + i + 1
    return number << 8 | data[offset + 8], offset + 9
