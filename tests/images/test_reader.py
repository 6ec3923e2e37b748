import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BadPhoto
from edge.images.headers import inspect
from edge.images.reader import decode, read_photo
from edge.types import Image
from tests.bank.pictures import encoded, picture

SUFFIXES = (".jpg", ".png", ".webp")
UPRIGHT = picture(1, 40, 64)
STORED = {  # how a camera stores the upright picture for each EXIF orientation
    1: UPRIGHT,
    2: UPRIGHT[:, ::-1],
    3: UPRIGHT[::-1, ::-1],
    4: UPRIGHT[::-1],
    5: UPRIGHT.transpose(1, 0, 2),
    6: np.rot90(UPRIGHT),
    7: UPRIGHT[::-1, ::-1].transpose(1, 0, 2),
    8: np.rot90(UPRIGHT, -1),
}


def exif(orientation: int, order: str, kind: int = 3, count: int = 1) -> bytes:
    """A TIFF structure with this orientation, in either byte order. kind, count: the type and number of its values."""
    values = struct.pack(order + TYPES[kind] * count, *[orientation] * count * (2 if kind in (5, 10) else 1))
    offset = struct.pack(order + "I", 26) if len(values) > 4 else values.ljust(4, b"\0")
    head = struct.pack(order + "HIHHHI", 42, 8, 1, 0x112, kind, count)
    return (b"II" if order == "<" else b"MM") + head + offset + bytes(4) + values


TYPES = {1: "B", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d"}


def tagged(data: bytes, *parts: bytes) -> bytes:
    """Given a picture file, return it with these EXIF parts, in this order."""
    if data.startswith(b"\xff\xd8"):
        segments = [b"Exif\0\0" + part for part in parts]
        return (
            data[:2] + b"".join(b"\xff\xe1" + struct.pack(">H", len(each) + 2) + each for each in segments) + data[2:]
        )
    if data.startswith(b"\x89PNG"):
        chunks = [(len(part), b"eXIf" + part) for part in parts]
        return (
            data[:33]
            + b"".join(struct.pack(">I", n) + c + struct.pack(">I", zlib.crc32(c)) for n, c in chunks)
            + data[33:]
        )
    body = data[12:] + b"".join(b"EXIF" + struct.pack("<I", len(part)) + part for part in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.jpg")
    for path in (tmp_path / "fifo.jpg", Path("/dev/zero")):
        with pytest.raises(BadPhoto, match=f"{path}: not a regular file; expected a photo"):
            read_photo(path)


def near(a: Image, b: Image) -> bool:
    return a.shape == b.shape and float(np.abs(a.astype(int) - b).mean()) < 12


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("order", "<>")
def test_exif_orientation_is_undone(suffix: str, orientation: int, order: str) -> None:
    data = tagged(encoded(np.ascontiguousarray(STORED[orientation]), suffix), exif(orientation, order))
    assert near(decode(data), UPRIGHT)
    assert inspect(data).size == (40, 64)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("order", "<>")
def test_orientation_may_be_of_any_type(suffix: str, kind: int, order: str) -> None:
    data = encoded(picture(1), suffix)
    assert inspect(tagged(data, exif(6, order, kind))).orientation == 6
    assert inspect(tagged(data, exif(6, order, kind, count=5))).orientation == 6
    assert inspect(tagged(data, exif(9, order, kind))).orientation == 1
    assert inspect(tagged(data, exif(6, order, kind, count=5)[:24])).orientation == 1


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_of_several_exif_parts_the_first_counts(suffix: str) -> None:
    data = tagged(encoded(picture(1), suffix), exif(8, "<"), exif(3, ">"))
    assert inspect(data).orientation == 8


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_colours_are_rgb(suffix: str) -> None:
    red = np.zeros((32, 32, 3), np.uint8)
    red[..., 0] = 250
    assert near(decode(encoded(red, suffix)), red)


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(data=st.data())
def test_any_cut_is_noticed(suffix: str, data: st.DataObject) -> None:
    whole = encoded(picture(3), suffix)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(BadPhoto):
        decode(whole[:cut])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_bytes_after_the_end_are_allowed(suffix: str) -> None:
    whole = encoded(picture(3), suffix)
    assert np.array_equal(decode(whole + b"preview"), decode(whole))


def test_a_progressive_jpeg_is_known_and_its_cut_noticed() -> None:
    image = cv2.resize(picture(4), (640, 480))
    whole = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
    cut = whole[: len(whole) * 2 // 3]
    assert inspect(whole).progressive
    with pytest.raises(BadPhoto, match="cut off"):
        decode(cut)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"hello", "not a picture"),
        (bytes(100), "only zeros"),
        (b"\0\0\0\x18ftypheic" + bytes(90), "HEIC"),
        (b"GIF89a" + bytes(90), "GIF"),
        (b"\xff\xd8\xff\xd9", "without a picture"),
        (encoded(picture(1), ".png").replace(b"IDAT", b"IDAX"), "checksum"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(BadPhoto, match=reason):
        decode(data)


@given(
    st.binary(max_size=300), st.sampled_from((b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8 "))
)
def test_any_bytes_are_a_picture_or_refused(data: bytes, start: bytes) -> None:
    try:
        image = decode(start + data)
    except BadPhoto as error:
        assert "\n" not in str(error)
    else:
        assert image.ndim == 3


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_too_wide_is_refused_before_it_is_decoded(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    side = 16_000 if suffix == ".webp" else 20_000  # the most that WebP can state is 16383
    data = encoded(np.zeros((8, side, 3), np.uint8), suffix)
    monkeypatch.setattr(cv2, "imdecode", None)
    with pytest.raises(BadPhoto, match=f"{side}x8 pixels"):
        decode(data, 128)


def test_a_large_jpeg_is_shrunk_as_it_is_decoded_and_never_under_what_is_asked() -> None:
    image = cv2.resize(picture(5), (1000, 600), interpolation=cv2.INTER_NEAREST)
    assert decode(encoded(image), 400).shape == (300, 500, 3)
    assert decode(encoded(image), 501).shape == (600, 1000, 3)
    assert near(decode(encoded(image), 400), cv2.resize(image, (500, 300), interpolation=cv2.INTER_AREA))


def test_transparent_parts_become_black_and_16_bits_become_8() -> None:
    clear = np.full((8, 8, 4), 200, np.uint8)
    clear[:4, :, 3], clear[4:, :, 3] = 0, 255
    image = decode(cv2.imencode(".png", clear)[1].tobytes())
    assert (image[:4] == 0).all() and (image[4:] == 200).all()
    deep = np.full((8, 8), 200 * 256, np.uint16)
    assert (decode(cv2.imencode(".png", deep)[1].tobytes()) == 200).all()


def test_read_photo_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    with pytest.raises(BadPhoto, match=r"a\.jpg: not found"):
        read_photo(path)
    path.write_bytes(b"")
    with pytest.raises(BadPhoto, match=r"a\.jpg: the file is empty"):
        read_photo(path)
    path.write_bytes(encoded(UPRIGHT))
    assert near(read_photo(path), UPRIGHT)
