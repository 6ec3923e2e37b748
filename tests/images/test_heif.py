import sys
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as pillow

from edge.errors import BadPhoto
from edge.images import heif
from edge.images.headers import inspect
from edge.images.reader import decode
from edge.types import Image
from tests.bank.pictures import picture
from tests.images.test_reader import STORED, UPRIGHT, near

pytest.importorskip("pillow_heif").register_heif_opener()
FORMATS = {"HEIC": "HEIF", "AVIF": "AVIF"}


def encoded(image: Image, name: str, orientation: int = 1) -> bytes:
    """The content of a HEIC or AVIF file, as a phone held in this orientation writes it."""
    exif, file = pillow.Exif(), BytesIO()
    exif[0x0112] = orientation
    pillow.fromarray(image).save(file, FORMATS[name], exif=exif.tobytes())
    return file.getvalue()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("orientation", STORED)
def test_photos_of_phones_are_read_upright(name: str, orientation: int) -> None:
    data = encoded(np.ascontiguousarray(STORED[orientation]), name, orientation)
    header = inspect(data)
    assert (header.format, header.size) == (name, (40, 64))
    assert near(decode(data), UPRIGHT)


@pytest.mark.parametrize("name", FORMATS)
def test_transparent_parts_become_black(name: str) -> None:
    clear = np.full((32, 32, 4), 200, np.uint8)
    clear[:16, :, 3], clear[16:, :, 3] = 0, 255
    image = decode(encoded(clear, name))
    assert image[:12].max() < 20 and image[20:].min() > 180


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
def test_any_cut_is_noticed(name: str, data: st.DataObject) -> None:
    whole = WHOLE[name]
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(BadPhoto):
        decode(whole[:cut])


WHOLE = {name: encoded(picture(3), name) for name in FORMATS}


@pytest.mark.parametrize("name", FORMATS)
def test_too_many_pixels_are_refused_before_they_are_decoded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.images.reader.MAX_PIXELS", 1000)
    monkeypatch.setattr(heif, "decode", None)
    with pytest.raises(BadPhoto, match="48x64 pixels"):
        decode(WHOLE[name])


def test_without_a_decoder_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    monkeypatch.setattr("PIL.features.check", lambda name: False)
    with pytest.raises(BadPhoto, match="save it as JPEG, or pip install pillow-heif"):
        decode(WHOLE["HEIC"])
    with pytest.raises(BadPhoto, match="or pip install 'pillow>=11.3'"):
        decode(WHOLE["AVIF"])


def test_a_video_under_a_photos_name_is_told_apart() -> None:
    with pytest.raises(BadPhoto, match="the file is a video"):
        inspect(b"\0\0\0\x18ftypisom\0\0\0\0isomiso2")
