"""Graphs that are made when they are needed, from the schema of .tflite files that ai-edge-litert brings.

`fused` is a model with the match inside: its own graph with one operation more, a FULLY_CONNECTED of its output with a
second input, the bank; fully connected layers multiply with the transpose, so what comes out are the cosines. Being
made from the model's file it cannot differ from it, every precision has it, and neither TensorFlow nor an export is
needed. `product` is that operation alone, for vectors of 8 bits.
"""

import importlib
from typing import Any

from edge.errors import BadModel


def fused(model: bytes) -> bytes:
    """Given a .tflite file of one input and one output (1, D), return it with a second input, float32 (N, D).

    Its output is float32 (1, N). Raise BadModel where there is no schema: tflite-runtime brings none.
    """
    try:
        schema = _schema()
    except BadModel as error:
        raise BadModel(f"{error}, or use --how batch") from error
    whole = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model))
    graph = whole.subgraphs[0]
    (vector,) = graph.outputs
    bank = _add_tensor(schema, graph, "bank", [1, int(graph.tensors[vector].shape[-1])])
    _multiply(schema, whole, vector, bank)
    graph.inputs = [*graph.inputs, bank]
    whole.signatureDefs = []
    return _packed(whole, len(model))


def product(dimension: int) -> bytes:
    """Given D, return a .tflite file that multiplies a vector, float32 (1, D), with int8 (N, D) into float32 (1, N).

    The runtime makes the vector int8 too, on a scale that takes its greatest number to 127, and sums in int32: if
    the vector holds whole numbers and the greatest is 127 or -127, the products are exact. Raise BadModel as `fused`.
    """
    schema = _schema()
    whole, graph = schema.ModelT(), schema.SubGraphT()
    whole.version, whole.buffers, whole.operatorCodes, whole.subgraphs = 3, [schema.BufferT()], [], [graph]
    graph.tensors, graph.operators = [], []
    vector = _add_tensor(schema, graph, "vector", [1, dimension])
    matrix = _add_tensor(schema, graph, "matrix", [1, dimension])
    graph.tensors[matrix].type = schema.TensorType.INT8
    graph.tensors[matrix].quantization = schema.QuantizationParametersT()
    graph.tensors[matrix].quantization.scale, graph.tensors[matrix].quantization.zeroPoint = [1.0], [0]
    _multiply(schema, whole, vector, matrix)
    graph.inputs = [vector, matrix]
    return _packed(whole, 0)


def _schema() -> Any:
    try:
        return importlib.import_module("ai_edge_litert.schema_py_generated")
    except ImportError as error:
        raise BadModel(f"this needs ai-edge-litert ({error}); install it") from error


def _add_tensor(schema: Any, graph: Any, name: str, shape: list[int]) -> int:
    """Add a float32 tensor without content, whose first axis may be resized, and return its number."""
    tensor = schema.TensorT()
    tensor.name, tensor.type, tensor.buffer = name, schema.TensorType.FLOAT32, 0
    tensor.shape, tensor.shapeSignature = shape, [-1, *shape[1:]]
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1


def _multiply(schema: Any, whole: Any, vector: int, matrix: int) -> None:
    """Make the product of two tensors, (1, D) and the transpose of (N, D), the output."""
    graph = whole.subgraphs[0]
    code, operation = schema.OperatorCodeT(), schema.OperatorT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.FULLY_CONNECTED
    whole.operatorCodes.append(code)
    operation.opcodeIndex = len(whole.operatorCodes) - 1
    graph.outputs = [_add_tensor(schema, graph, "product", [1, 1])]
    operation.inputs, operation.outputs = [vector, matrix, -1], graph.outputs  # -1: without a bias
    operation.builtinOptionsType = schema.BuiltinOptions.FullyConnectedOptions
    operation.builtinOptions = schema.FullyConnectedOptionsT()
    graph.operators.append(operation)


def _packed(whole: Any, size: int) -> bytes:
    """Given the parts of a file and about how large it will be, return it."""
    flatbuffers = importlib.import_module("flatbuffers")  # ai-edge-litert depends on it
    builder = flatbuffers.Builder(size + 2**14)
    builder.Finish(whole.Pack(builder), b"TFL3")
    return bytes(builder.Output())
