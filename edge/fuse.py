"""The graph of a model with the match inside: a picture and the bank in, their cosines out.

The fused graph is the model's own with one operation more, a FULLY_CONNECTED of its output with a second input, the
bank (N, D); fully connected layers multiply with the transpose, so its output (1, N) is the matrix of cosines. It is
made from the model file when it is loaded: there is no second file that could differ from the first, every precision
has it, and neither TensorFlow nor an export is needed.
"""

import importlib
from typing import Any

from edge.errors import BadModel


def fuse(model: bytes) -> bytes:
    """Given a .tflite file of one input and one output (1, D), return it with a second input (N, D) and output (1, N).

    Raise BadModel where the runtime brings no schema to edit it with: tflite-runtime has none, ai-edge-litert has.
    """
    try:
        flatbuffers = importlib.import_module("flatbuffers")
        schema = importlib.import_module("ai_edge_litert.schema_py_generated")
    except ImportError as error:
        raise BadModel(f"the fused graph needs ai-edge-litert ({error}); install it, or use --how batch") from error
    plain = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model))
    graph = plain.subgraphs[0]
    (vector,) = graph.outputs
    bank = _add_tensor(schema, graph, "bank", [1, int(graph.tensors[vector].shape[-1])])
    scores = _add_tensor(schema, graph, "scores", [1, 1])
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.FULLY_CONNECTED
    plain.operatorCodes.append(code)
    product = schema.OperatorT()
    product.opcodeIndex = len(plain.operatorCodes) - 1
    product.inputs, product.outputs = [vector, bank, -1], [scores]  # -1: without a bias
    product.builtinOptionsType = schema.BuiltinOptions.FullyConnectedOptions
    product.builtinOptions = schema.FullyConnectedOptionsT()
    graph.operators.append(product)
    graph.inputs, graph.outputs = [*graph.inputs, bank], [scores]
    plain.signatureDefs = []
    builder = flatbuffers.Builder(len(model) + 4096)
    builder.Finish(plain.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _add_tensor(schema: Any, graph: Any, name: str, shape: list[int]) -> int:
    """Add a float32 tensor without content, whose first axis may be resized, and return its number."""
    tensor = schema.TensorT()
    tensor.name, tensor.type, tensor.buffer = name, schema.TensorType.FLOAT32, 0
    tensor.shape, tensor.shapeSignature = shape, [-1, *shape[1:]]
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1
