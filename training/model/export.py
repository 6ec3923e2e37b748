"""From a trained extractor to the files that ship: NAME.tflite, its card NAME.yaml, and NAME.golden.npz.

uint8 RGB in, unit vectors out, any batch size. Nothing is written under its final name before it was proven on the
runtime of the Pi against the Keras model.

int8: weights and activations are 8 bits wide, from the ranges of a representative set, with two exceptions, found by
measuring MobileNetV2. The normalisation at the end stays float32: in 8 bits it loses half a percent of length. And
the first layers, which hold a hundredth of the weights, stay float32 as far as the bound on the cosine asks for: their
error is amplified by all that follows (all int8: 0.92 on the worst image; the stem float32: 0.98; up to block 3: 0.99).
"""

import io
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from edge.errors import BadModel
from edge.model.card import ModelCard, model_id
from edge.storage.files import write_atomic
from edge.types import Image, Vectors

PRECISIONS = ("float32", "float16", "dynamic", "int8")

BOUNDS = {"float32": 0.9999, "float16": 0.999, "dynamic": 0.98, "int8": 0.98}
"""The least cosine to the Keras model that every golden crop must reach."""

NORM_TOLERANCE = 0.02
"""How far the length of a golden vector may be from 1."""

BYTES_PER_WEIGHT = {"float32": 4, "float16": 2, "dynamic": 1, "int8": 1}

FLOAT_SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
"""int8: the shares of the leading operations to try in float32, the smallest that keeps the bound is taken."""


def export(
    extractor: keras.Model,
    out: Path,
    precision: str,
    representative: npt.NDArray[np.uint8],
    golden: npt.NDArray[np.uint8],
    card_fields: dict[str, Any],
) -> ModelCard:
    """Given an extractor and the path of a .tflite file, write it, its card and its golden crops; return the card.

    precision: one of PRECISIONS. representative: crops (R, size, size, 3) for the ranges of int8, like those the
    camera gives. golden: crops (K, size, size, 3) kept with their vectors, to prove the file wherever it runs.
    card_fields: threshold, operating_points and about of the ModelCard.

    Raise BadModel, and write nothing, if a golden vector's length leaves 1 ± 0.02, its cosine to the Keras model falls
    below BOUNDS, or the file is too small to hold the weights.
    """
    if precision not in PRECISIONS:
        raise BadModel(f"precision: expected one of {', '.join(PRECISIONS)}, got {precision}")
    expected = vectors_of(extractor, golden)
    about = dict(card_fields.get("about", {}))
    with tempfile.TemporaryDirectory() as folder:
        saved = save(extractor, Path(folder))
        if precision == "int8":
            content, kept = _int8(saved, representative, golden, expected)
            about["float32 operations"] = kept
        else:
            content = convert(saved, precision)
    check_size(content, extractor, precision)
    actual = run(content, golden)
    problem = fault(actual, expected, precision)
    if problem:
        raise BadModel(f"export of {out.name} as {precision}: {problem}; nothing written")
    return _write(out, content, golden, actual, precision, card_fields | {"about": about})


def export_fused(
    extractor: keras.Model, out: Path, precision: str, golden: npt.NDArray[np.uint8], card_fields: dict[str, Any]
) -> ModelCard:
    """Given an extractor, write a .tflite file with a second input, the bank, its card and its golden crops; return the
    card.

    Its inputs are "image", uint8 (N, size, size, 3), and "bank", float32 (M, D), unit rows; its output is float32
    (N, M): the cosine of each image and each row of the bank. So enrolling a product needs no new export.
    precision: float32, float16 or dynamic.
    Raise BadModel as `export` does.
    """
    if precision not in PRECISIONS[:-1]:
        raise BadModel(f"precision of a fused export: expected one of {', '.join(PRECISIONS[:-1])}, got {precision}")
    expected = vectors_of(extractor, golden)
    bank = keras.Input(extractor.output_shape[1:], name="bank")
    scores = ops.matmul(extractor.output, ops.transpose(bank))
    fused = keras.Model({"image": extractor.input, "bank": bank}, scores, name="fused")
    with tempfile.TemporaryDirectory() as folder:
        content = convert(save(fused, Path(folder)), precision)
    check_size(content, extractor, precision)
    # With the identity as its bank, the scores are the vectors themselves.
    actual = run(content, golden, np.eye(expected.shape[1], dtype=np.float32))
    problem = fault(actual, expected, precision)
    if problem:
        raise BadModel(f"export of {out.name} as {precision}: {problem}; nothing written")
    return _write(out, content, golden, actual, precision, card_fields | {"fused": True})


def vectors_of(extractor: keras.Model, crops: npt.NDArray[np.uint8]) -> Vectors:
    """Given crops (N, size, size, 3), return the Keras model's vectors (N, D)."""
    return np.asarray(extractor.predict(crops, batch_size=16, verbose=0), np.float32)


def save(model: keras.Model, folder: Path) -> Path:
    """Given a model, write it as a SavedModel under `folder` and return its path.

    TFLiteConverter.from_concrete_functions can write Keras 3 models without their weights; from_saved_model does not.
    """
    if keras.backend.backend() != "tensorflow":
        raise BadModel(f"export: expected KERAS_BACKEND=tensorflow, got {keras.backend.backend()}")
    path = folder / "saved"
    model.export(path, verbose=False)
    return path


def convert(saved: Path, precision: str) -> bytes:
    """Given a SavedModel, return it as .tflite with float32, float16 or dynamic-range int8 weights."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved))
    if precision != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    content: bytes = converter.convert()
    return content


def _int8(
    saved: Path, representative: npt.NDArray[np.uint8], golden: npt.NDArray[np.uint8], expected: Vectors
) -> tuple[bytes, str]:
    """Given a SavedModel, return it as int8 .tflite, and how many of its operations stayed float32."""
    names = _operations(convert(saved, "float32"))
    normalisation = names[next((i for i, name in enumerate(names) if "/unit" in name), len(names)) :]
    content = b""
    for share in FLOAT_SHARES:
        first = round(share * len(names))
        content = _quantise(saved, representative, names[:first] + normalisation)
        if not fault(run(content, golden), expected, "int8"):
            break
    return content, f"the first {first} of {len(names)}, and the normalisation"


def _quantise(saved: Path, representative: npt.NDArray[np.uint8], float_names: list[str]) -> bytes:
    """Given a SavedModel, return it as int8 .tflite but for the named operations."""
    import tensorflow as tf

    def samples() -> Iterator[list[Image]]:
        return ([crop[None]] for crop in representative)

    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = samples
    # The debugger is the public way to leave single operations out of quantisation.
    options = tf.lite.experimental.QuantizationDebugOptions(denylisted_nodes=float_names)
    debugger = tf.lite.experimental.QuantizationDebugger(
        converter=converter, debug_dataset=samples, debug_options=options
    )
    content: bytes = debugger.get_nondebug_quantized_model()
    return content


def _operations(content: bytes) -> list[str]:
    """Given a .tflite file, return the names of what its operations give, first to last."""
    interpreter = _interpreter(content)
    names = {tensor["index"]: tensor["name"] for tensor in interpreter.get_tensor_details()}
    operations = [op for op in interpreter._get_ops_details() if op["op_name"] != "DELEGATE"]
    return [names[op["outputs"][0]] for op in operations if op["outputs"][0] in names]


def _interpreter(content: bytes) -> Any:
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_content=content, num_threads=1)


def run(
    content: bytes, crops: npt.NDArray[np.uint8], bank: npt.NDArray[np.float32] | None = None
) -> npt.NDArray[np.float32]:
    """Given a .tflite file and crops (N, size, size, 3), return what it gives for them, on the runtime of the Pi."""
    interpreter = _interpreter(content)
    inputs = interpreter.get_input_details()
    values = [bank if bank is not None and len(i["shape"]) == 2 else crops for i in inputs]
    for details, value in zip(inputs, values, strict=True):
        interpreter.resize_tensor_input(details["index"], value.shape)
    interpreter.allocate_tensors()
    for details, value in zip(inputs, values, strict=True):
        interpreter.set_tensor(details["index"], value)
    interpreter.invoke()
    result: npt.NDArray[np.float32] = interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).copy()
    return result


def fault(actual: Vectors, expected: Vectors, precision: str) -> str | None:
    """Given vectors (K, D) of the file and of the Keras model, say what is wrong with them; None if nothing."""
    if actual.shape != expected.shape or actual.dtype != np.float32:
        return f"expected vectors {expected.shape} float32, got {actual.shape} {actual.dtype}"
    norms = np.linalg.norm(actual, axis=1)
    worst = float(norms[np.abs(norms - 1).argmax()])
    if not abs(worst - 1) <= NORM_TOLERANCE:
        return f"a golden vector has length {worst:.4f}, expected 1 ± {NORM_TOLERANCE}"
    cosine = float((np.sum(actual * expected, axis=1) / norms).min())
    if not cosine >= BOUNDS[precision]:
        return f"a golden vector has cosine {cosine:.5f} to the Keras model's, expected at least {BOUNDS[precision]}"
    return None


def check_size(content: bytes, model: keras.Model, precision: str) -> None:
    """Raise BadModel if a .tflite file is too small to hold the model's kernels at that precision."""
    kernels = sum(math.prod(weight.shape) for weight in model.weights if len(weight.shape) > 1)
    least = kernels * BYTES_PER_WEIGHT[precision]
    if len(content) < least:
        raise BadModel(f"export: {len(content)} bytes cannot hold {kernels} {precision} weights; nothing written")


def _write(
    out: Path,
    content: bytes,
    golden: npt.NDArray[np.uint8],
    vectors: Vectors,
    precision: str,
    card_fields: dict[str, Any],
) -> ModelCard:
    """Write the three files, each whole or not at all, the card last: it is never there without its model."""
    out.parent.mkdir(parents=True, exist_ok=True)
    proof = io.BytesIO()
    np.savez_compressed(proof, crops=golden, vectors=vectors)
    write_atomic(out, content)
    write_atomic(out.with_suffix(".golden.npz"), proof.getvalue())
    fields = {"threshold": 0.95} | card_fields
    card = ModelCard(model_id(out), golden.shape[1], vectors.shape[1], precision, **fields)
    card.save(out)
    return card
