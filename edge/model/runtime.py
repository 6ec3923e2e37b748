"""The TFLite interpreter, whichever package brings it, behind one class.

ai-edge-litert is the default; tflite-runtime is used where only it works. Whether a runtime works is found out by
invoking: tflite-runtime 2.14 beside numpy 2 imports and then fails in `Interpreter(...)`.

The batch is always 1: on a CPU a larger one is slower per image and takes 70 to 240 MB more, so buffers are allocated
once, when the model is loaded.
"""

import ctypes
import importlib
import threading
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from edge.errors import BadModel
from edge.model.card import remedy
from edge.model.stderr import stderr_to_log
from edge.text import one_line

RUNTIMES = ("ai_edge_litert.interpreter", "tflite_runtime.interpreter")
INSTALL = "pip install ai-edge-litert, or tflite-runtime with numpy<2 on Python 3.11"


class Runner:
    """A loaded model with one output, and one input or a second that stays as it is; several threads may share it.

    runtime: the module that runs it. input_shape, output_shape: with the batch of 1 in front.
    grey: its answer to mid-grey, the first invocation, which proves that it runs.
    interpreter: the runtime's own, to be measured.
    """

    def __init__(self, runtime: str, interpreter: Any, bank: npt.NDArray[Any] | None = None) -> None:
        """Given a runtime's Interpreter, set its batch to 1, allocate and run it.

        bank: what the second input holds.
        Raise ValueError unless it has one input, or with a bank two, and one output.
        """
        inputs = sorted(interpreter.get_input_details(), key=lambda each: -len(each["shape"]))  # the image first
        outputs = interpreter.get_output_details()
        if len(inputs) != (1 if bank is None else 2) or len(outputs) != 1:
            raise ValueError(f"expected one input and one output, got {len(inputs)} and {len(outputs)}")
        shape = [int(n) for n in inputs[0]["shape"]]
        if shape[:1] != [1]:
            interpreter.resize_tensor_input(inputs[0]["index"], [1, *shape[1:]])
        if bank is not None:
            interpreter.resize_tensor_input(inputs[1]["index"], bank.shape)
        interpreter.allocate_tensors()
        if bank is not None:  # inputs keep their memory: it is copied once
            interpreter.set_tensor(inputs[1]["index"], bank)
        (given,) = (each for each in interpreter.get_input_details() if each["index"] == inputs[0]["index"])
        (made,) = interpreter.get_output_details()
        self.runtime = runtime
        self.input_shape = tuple(int(n) for n in given["shape"])
        self.input_dtype: np.dtype[Any] = np.dtype(given["dtype"])
        self.output_shape = tuple(int(n) for n in made["shape"])
        self.output_dtype: np.dtype[Any] = np.dtype(made["dtype"])
        self.interpreter = interpreter
        self._input, self._output = given["index"], made["index"]
        self._lock = threading.Lock()
        self.grey = self(np.full(self.input_shape, 127, self.input_dtype))

    def __call__(self, batch: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Given one input of input_shape and input_dtype, return a new array of output_shape and output_dtype.

        Raise ValueError for another shape or dtype, BadModel if the runtime fails.
        """
        if batch.shape != self.input_shape or batch.dtype != self.input_dtype:
            raise ValueError(
                f"expected {self.input_shape} {self.input_dtype} for the model, got {batch.shape} {batch.dtype}"
            )
        with self._lock:
            try:
                self.interpreter.set_tensor(self._input, batch)
                self.interpreter.invoke()
                output: npt.NDArray[Any] = self.interpreter.get_tensor(self._output)
            except (ValueError, RuntimeError) as error:
                raise BadModel(f"model failed to run on {self.runtime}: {one_line(error)}") from error
        return output


def load_model(
    model: Path | bytes, threads: int = 1, delegate: Path | None = None, bank: npt.NDArray[Any] | None = None
) -> Runner:
    """Given a .tflite file or the content of one, return it loaded and proven by one invocation on grey.

    threads: CPU threads of one invocation, at least 1. delegate: shared library of an accelerator, or None for the CPU.
    bank: what the second input holds, if there is one; its first axis is resized to it.
    Raise BadModel if the file, the delegate or every runtime fails; the message says what to install.
    """
    if isinstance(model, Path) and not model.is_file():
        raise BadModel(f"model {model}: no such file; give the path of a .tflite file")
    source = {"model_path": str(model)} if isinstance(model, Path) else {"model_content": model}
    failures = []
    for name in RUNTIMES:
        try:
            runtime = importlib.import_module(name)
        except (ImportError, AttributeError, SystemError) as error:
            failures.append(f"{name.split('.')[0]}: {one_line(error)}")
            continue
        delegates = [_load_delegate(runtime, delegate)] if delegate else None
        try:
            interpreter = runtime.Interpreter(**source, num_threads=threads, experimental_delegates=delegates)
            with stderr_to_log():
                return Runner(name, interpreter, bank)
        except (ImportError, AttributeError, SystemError) as error:  # built against another numpy
            failures.append(f"{name.split('.')[0]} {one_line(error.__cause__ or error)}")
        except (ValueError, RuntimeError) as error:
            whose = f"model {model}" if isinstance(model, Path) else "a graph made for this bank"
            remade = remedy(model) if isinstance(model, Path) else "export the model again"
            raise BadModel(f"{whose}: {name.split('.')[0]} refuses it: {one_line(error)}; {remade}") from error
    raise BadModel(f"no TFLite runtime works ({'; '.join(failures)}); {INSTALL}")


def _load_delegate(runtime: Any, library: Path) -> Any:
    try:
        # where the library or its entry point is missing, load_delegate prints a traceback from a destructor: ask first
        ctypes.CDLL(str(library)).tflite_plugin_create_delegate  # noqa: B018
        return runtime.load_delegate(str(library))
    except (OSError, ValueError, AttributeError, RuntimeError) as error:
        raise BadModel(f"delegate {library}: {one_line(error)}; install it or leave model.delegate empty") from error
