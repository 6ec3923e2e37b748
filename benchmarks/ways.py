"""Ways to name a hundred photos, each as a process of its own: python -m benchmarks.ways NAME FOLDER.

It loads what it needs and says so; then, for each line on its standard input, it names all the photos, from the files,
and prints a line of JSON: seconds, seconds of CPU, and the answers.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import keras_ways, material
from benchmarks.keras_ways import Answers

Way = Callable[[list[Path]], Callable[[], Answers]]
"""Given the photos, prepare and return what names them all."""

MODEL = material.BUILD / "extractor"
THREADS = os.cpu_count() or 1


def plain(files: list[Path]) -> Callable[[], Answers]:
    """Bottlebank's parts in a plain loop: each photo is decoded whole, embedded and matched, then the next."""
    from edge.images.reader import read_photo
    from edge.model.embedder import Embedder

    embedder, nearest = Embedder(MODEL / "float32.tflite"), _nearest()
    return lambda: [nearest(embedder.embed([read_photo(file)])[0]) for file in files]


def _identify(how: str, precision: str = "float32") -> Way:
    """What `bottlebank identify --how` does."""

    def prepare(files: list[Path]) -> Callable[[], Answers]:
        import numpy as np

        from edge.assembly import parts
        from edge.config import Config, ModelConfig
        from edge.recognition import batch
        from edge.recognition.decision import Rule
        from edge.recognition.matcher import Matcher
        from edge.types import Gallery

        config = Config(model=ModelConfig(MODEL / f"{precision}.tflite"))
        embedder, bank = parts.embedder(config), material.bank(precision)
        products = tuple(bank["products"].tolist())
        matcher = Matcher(Gallery(np.ascontiguousarray(bank["vectors"]), products, products), Rule(-1))

        name = batch.identifier(how, len(files), config.model, embedder, matcher)
        return lambda: [(str(each.answer.product), each.answer.score or 0.0) for each in name(files) if each.answer]

    return prepare


def bare(files: list[Path]) -> Callable[[], Answers]:
    """The limit: the model's bare invoke() once a photo, with photos that are ready, on one core."""
    from edge.model.embedder import Embedder

    interpreter = Embedder(MODEL / "float32.tflite").runner.interpreter

    def run() -> Answers:
        for _ in files:
            interpreter.invoke()
        return []

    return run


def bare_everywhere(files: list[Path]) -> Callable[[], Answers]:
    """The limit on every core: as `bare`, with one interpreter per core, the photos shared among them."""
    from edge.bench.large import everywhere
    from edge.model.embedder import Embedder
    from edge.parallel import cores

    work = everywhere(Embedder(MODEL / "float32.tflite"), cores(), len(files))

    def run() -> Answers:
        work()
        return []

    return run


def onnxruntime(files: list[Path]) -> Callable[[], Answers]:
    """ONNX Runtime on every core, one photo at a time."""
    import onnxruntime as runtime

    session = runtime.InferenceSession(MODEL / "extractor.onnx", providers=["CPUExecutionProvider"])
    return _loop(files, lambda crop: session.run(None, {"image": crop[None]})[0][0])


def opencv(files: list[Path]) -> Callable[[], Answers]:
    """OpenCV's dnn module on every core, one photo at a time."""
    import cv2

    cv2.setNumThreads(THREADS)
    net = cv2.dnn.readNetFromONNX(str(MODEL / "extractor.onnx"))

    def embed(crop: Any) -> Any:
        net.setInput(crop[None])
        return net.forward()[0]

    return _loop(files, embed)


def mediapipe(files: list[Path]) -> Callable[[], Answers]:
    """MediaPipe's image embedder with the same .tflite, one photo at a time."""
    from mediapipe import Image, ImageFormat
    from mediapipe.tasks.python import BaseOptions, vision

    base = BaseOptions(model_asset_path=str(MODEL / "float32.tflite"))
    embedder = vision.ImageEmbedder.create_from_options(vision.ImageEmbedderOptions(base_options=base))
    return _loop(
        files, lambda crop: embedder.embed(Image(image_format=ImageFormat.SRGB, data=crop)).embeddings[0].embedding
    )


def _loop(files: list[Path], embed: Callable[[Any], Any]) -> Callable[[], Answers]:
    """What a user of another runtime writes around it: OpenCV reads, the letterbox is ours, so the answers agree."""
    import cv2
    import numpy as np

    from edge.images.letterbox import letterbox

    nearest = _nearest()

    def name(file: Path) -> tuple[str, float]:
        return nearest(embed(letterbox(np.asarray(cv2.imread(str(file), cv2.IMREAD_COLOR_RGB), np.uint8), 224)))

    return lambda: [name(file) for file in files]


def _nearest() -> Callable[[Any], tuple[str, float]]:
    bank = material.bank()

    def nearest(vector: Any) -> tuple[str, float]:
        scores = bank["vectors"] @ vector
        return str(bank["products"][scores.argmax()]), float(scores.max())

    return nearest


OWN: dict[str, Way] = {
    "plain loop": plain,
    "identify --how one": _identify("one"),
    "identify --how batch": _identify("batch"),
    "identify --how fused": _identify("fused"),
}
FAST: dict[str, Way] = {"identify --how batch, int8": _identify("batch", "int8")}
PEERS: dict[str, Way] = {
    "Keras predict, one by one": keras_ways.one,
    "Keras predict, batched": keras_ways.batch,
    "Keras predict, fused": keras_ways.fused,
    "ONNX Runtime": onnxruntime,
    "OpenCV dnn": opencv,
    "MediaPipe": mediapipe,
}
LIMITS: dict[str, Way] = {"bare invoke()": bare, "bare invoke() on every core": bare_everywhere}
WAYS: dict[str, Way] = LIMITS | OWN | FAST | PEERS


def main(name: str, folder: Path) -> None:
    """Name the photos of a folder whenever a line is read."""
    run = WAYS[name](sorted(folder.glob("*.jpg")))
    print("ready", flush=True)
    for _ in sys.stdin:
        start, cpu = time.perf_counter(), time.process_time()
        answers = run()
        seconds = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
        print(json.dumps(seconds | {"answers": answers}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
