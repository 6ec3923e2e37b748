"""What a picture file says of itself before it is decoded: its size, its turn, and whether it is all there.

Decoders fill the missing end of a cut-off JPEG with grey and say nothing, and they allocate memory before anyone has
looked at the size. So the file's own structure is walked first: the segments and scans of a JPEG to its end marker
(ITU-T T.81, annex B), the chunks of a PNG with their checksums to IEND (PNG specification, section 5), the RIFF
container of a WebP to its stated length (RFC 9649). Bytes after the end are allowed: telephones append previews.
HEIC and AVIF: see `heif.py`.

Of several EXIF parts the first counts. Limit: bytes changed in the middle of a JPEG scan are not noticed, for the
format has no checksum.
"""

import re
import struct
import zlib
from typing import NamedTuple

from edge.errors import BadPhoto
from edge.images import heif

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_MARKER = re.compile(rb"\xff([^\x00\xff])")
_MARKER_AFTER_SCAN = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TIFF_TYPES = {1: "B", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d"}
"""Numeric types and their layouts (TIFF 6.0, section 2); of a fraction the numerator counts."""
_OTHER_FORMATS = (
    (4, b"ftyp", "a video"),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"%PDF", "PDF"),
)


class Header(NamedTuple):
    """What a picture file states.

    format: JPEG, PNG, WebP, HEIC or AVIF. width, height: pixels as stored; of HEIC and AVIF, upright.
    orientation: EXIF, 1 (upright) to 8.
    alpha: whether it may have transparent parts. progressive: a JPEG that must be held whole to be decoded.
    """

    format: str
    width: int
    height: int
    orientation: int = 1
    alpha: bool = False
    progressive: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels once turned upright."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)


def is_picture(data: bytes) -> bool:
    """Given the beginning of a file, 12 bytes or more, return whether it is a JPEG, PNG, WebP, HEIC or AVIF by that."""
    return (
        data.startswith((_JPEG, _PNG)) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or heif.kind(data) is not None
    )


def inspect(data: bytes) -> Header:
    """Given the whole content of a picture file, return its header.

    Raise BadPhoto if it is empty, no picture in one of these formats, or not complete.
    """
    if not data:
        raise BadPhoto("the file is empty; copy it again")
    try:
        if data.startswith(_JPEG):
            return _jpeg(data)
        if data.startswith(_PNG):
            return _png(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        if name := heif.kind(data):
            return Header(name, *heif.size(data, name))
    except (IndexError, struct.error) as error:
        raise BadPhoto("the file is cut off before the end of the picture; copy it again") from error
    for offset, magic, name in _OTHER_FORMATS:
        if data.startswith(magic, offset):
            raise BadPhoto(f"the file is {name}; expected a photo, save it as JPEG")
    if not any(data[:4096]):
        raise BadPhoto("the file holds only zeros, as after a power cut; copy it again")
    raise BadPhoto("not a picture; expected JPEG, PNG, WebP, HEIC or AVIF")


def _jpeg(data: bytes) -> Header:
    width = height = 0
    exif, position, marker_pattern, scanned, progressive = b"", 2, _MARKER, False, False
    while True:
        found = marker_pattern.search(data, position)
        if not found:
            raise IndexError
        marker, position, marker_pattern = found[1][0], found.end(), _MARKER
        if marker == 0xD9:
            if not (width and height and scanned):
                raise BadPhoto("the JPEG ends without a picture; save it again")
            return Header("JPEG", width, height, _orientation(exif), progressive=progressive)
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        (length,) = struct.unpack_from(">H", data, position)
        if position + length > len(data):
            raise IndexError
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", data, position + 3)
            progressive = marker not in (0xC0, 0xC1)
        elif marker == 0xE1 and data[position + 2 : position + 8] == b"Exif\0\0":
            exif = exif or data[position + 2 : position + length]
        elif marker == 0xDA:
            scanned, marker_pattern = True, _MARKER_AFTER_SCAN
        position += length


def _png(data: bytes) -> Header:
    width = height = color = 0
    exif, transparent, position = b"", False, 8
    while True:
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 8 + length
        (checksum,) = struct.unpack_from(">I", data, end)
        if zlib.crc32(data[position + 4 : end]) != checksum:
            raise BadPhoto(f"the PNG is damaged (checksum of its {kind.decode('latin-1')} part); copy it again")
        if kind == b"IHDR":
            width, height, _, color = struct.unpack_from(">IIBB", data, position + 8)
        elif kind == b"eXIf":
            exif = exif or data[position + 8 : end]
        elif kind == b"tRNS":
            transparent = True
        elif kind == b"IEND":
            return Header("PNG", width, height, _orientation(exif), transparent or color in (4, 6))
        position = end + 4


def _webp(data: bytes) -> Header:
    end = 8 + int(struct.unpack_from("<I", data, 4)[0])
    if end > len(data):
        raise IndexError
    width = height = 0
    exif, alpha, position = b"", False, 12
    while position + 8 <= end:
        kind, length = struct.unpack_from("<4sI", data, position)
        body = data[position + 8 : position + 8 + length]
        if len(body) < length:
            raise IndexError
        if kind == b"VP8X":
            alpha = bool(body[0] & 0x10)
            width, height = (1 + int.from_bytes(body[i : i + 3], "little") for i in (4, 7))
        elif kind == b"VP8 " and not width:
            width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", body, 6))
        elif kind == b"VP8L" and not width:
            (bits,) = struct.unpack_from("<I", body, 1)
            width, height, alpha = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), bool(bits >> 28 & 1)
        elif kind == b"EXIF":
            exif = exif or body
        position += 8 + length + length % 2
    return Header("WebP", width, height, _orientation(exif), alpha)


def _orientation(exif: bytes) -> int:
    """Given a TIFF structure, return its orientation tag, 1 if there is no sensible one (EXIF 2.3, section 4.6).

    EXIF wants a SHORT; the tag is read in whatever numeric type was written.
    """
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (directory,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, directory)
        for entry in range(directory + 2, directory + 2 + 12 * count, 12):
            tag, kind, number, offset = struct.unpack_from(order + "HHII", exif, entry)
            if tag == 0x0112 and kind in _TIFF_TYPES:
                layout = order + _TIFF_TYPES[kind]
                inside = number * struct.calcsize(layout) <= 4
                value, *_ = struct.unpack_from(layout, exif, entry + 8 if inside else offset)
                return int(value) if value in range(1, 9) else 1
    except struct.error:
        pass
    return 1
