"""What the benchmarks run on, made once under build/bench: photos, a bank, one extractor in every form."""

import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from edge.images.letterbox import letterbox
from edge.images.reader import decode, read_photo
from edge.images.writer import encode

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
BUILD = ROOT / "build" / "bench"
WEIGHTS = DATA / "weights" / "mobilenet_v2_1.0_224_imagenet_no_top.h5"
PHOTOS = 100
QUALITY = 90
"""Of the JPEGs."""

PRECISIONS = ("float32", "float16", "dynamic", "int8")


def photos(large: bool) -> Path:
    """The folder of PHOTOS photos: of some 348x348 pixels, or of 12 million."""
    folder = BUILD / ("large" if large else "small")
    if not folder.is_dir():
        draft = BUILD / f".{folder.name}"
        draft.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(_some_photos("test", PHOTOS)):
            (draft / f"{number:03}.jpg").write_bytes(_enlarged(data, number) if large else data)
        draft.rename(folder)
    return folder


def enrolled() -> Path:
    """An enrollment folder of 23 products with four photos each."""
    folder = BUILD / "enroll"
    if not folder.is_dir():
        draft = BUILD / ".enroll"
        for number, data in enumerate(_some_photos("train", 92)):
            (draft / f"product{number // 4:02}").mkdir(parents=True, exist_ok=True)
            (draft / f"product{number // 4:02}" / f"{number % 4}.jpg").write_bytes(data)
        draft.rename(folder)
    return folder


def extractor() -> Path:
    """The folder of one extractor, MobileNetV2 at 224 pixels, as .keras, .onnx and .tflite of every precision."""
    folder = BUILD / "extractor"
    if not folder.is_dir():
        os.environ.setdefault("KERAS_BACKEND", "tensorflow")
        draft = BUILD / ".extractor"
        draft.mkdir(parents=True, exist_ok=True)
        _export(draft)
        draft.rename(folder)
    return folder


def bank(precision: str = "float32") -> dict[str, Any]:
    """The vectors and products of `enrolled`, as the extractor of that precision embeds them."""
    path = BUILD / f"bank-{precision}.npz"
    if not path.is_file():
        from edge.model.embedder import Embedder

        embedder = Embedder(extractor() / f"{precision}.tflite")
        files = sorted(enrolled().glob("*/*.jpg"))
        np.savez(
            path,
            vectors=embedder.embed([read_photo(file) for file in files]),
            products=np.array([file.parent.name for file in files]),
        )
    with np.load(path) as kept:
        return dict(kept)


def _some_photos(split: str, count: int) -> list[bytes]:
    """JPEGs of real products, evenly from the folder, or of made-up ones where there are none."""
    real = sorted((DATA / "grocery" / split).glob("*/*.jpg"))
    if real:
        return [real[round(i * (len(real) - 1) / (count - 1))].read_bytes() for i in range(count)]
    from training.data.made_up.products import view

    rng = np.random.default_rng(0 if split == "test" else 1)
    return [encode(letterbox(view(number // 4, rng), 348), ".jpg", QUALITY) for number in range(count)]


def _enlarged(data: bytes, seed: int) -> bytes:
    """The photo at 12 million pixels, with the noise of a sensor."""
    photo = cv2.resize(decode(data), (4000, 3000), interpolation=cv2.INTER_CUBIC)
    noise = np.random.default_rng(seed).normal(0, 4, (3000, 4000, 1)).astype(np.float32)
    return encode(np.clip(photo + noise, 0, 255).astype(np.uint8), ".jpg", QUALITY)


def _export(folder: Path) -> None:
    from training.model.export import export
    from training.model.network import extractor as build

    model = build("mobilenet_v2", weights=str(WEIGHTS) if WEIGHTS.is_file() else None)
    crops = np.stack([letterbox(read_photo(file), 224) for file in sorted(enrolled().glob("*/*.jpg"))])
    for precision in PRECISIONS:
        export(model, folder / f"{precision}.tflite", precision, crops, crops[:8], {"threshold": 0.8})
    model.save(folder / "extractor.keras")
    model.export(folder / "extractor.onnx", format="onnx", verbose=False)
