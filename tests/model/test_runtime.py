import importlib.util
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from edge.errors import BadModel
from edge.model import runtime
from tests.tiny import TINY


def grey(level: int = 90) -> np.ndarray:
    return np.full((1, 32, 32, 3), level, np.uint8)


@pytest.mark.parametrize("name", runtime.RUNTIMES)
def test_every_installed_runtime_answers(name, monkeypatch):
    if importlib.util.find_spec(name.split(".")[0]) is None:
        pytest.skip(f"{name} is not installed")
    monkeypatch.setattr(runtime, "RUNTIMES", (name,))
    runner = runtime.load_model(TINY)
    assert runner.runtime == name
    assert (runner.input_shape, runner.output_shape) == ((1, 32, 32, 3), (1, 8))
    assert np.linalg.norm(runner(grey())) == pytest.approx(1, abs=1e-5)


def test_a_runtime_that_imports_but_cannot_run_is_passed_over(monkeypatch):
    class Interpreter:
        def __init__(self, **_):
            try:
                raise ImportError("numpy.core.multiarray failed to import")
            except ImportError as error:  # what tflite-runtime 2.14 does beside numpy 2
                raise SystemError("returned a result with an exception set") from error

    monkeypatch.setitem(sys.modules, "broken_runtime", SimpleNamespace(Interpreter=Interpreter))
    monkeypatch.setattr(runtime, "RUNTIMES", ("broken_runtime", *runtime.RUNTIMES))
    assert runtime.load_model(TINY).runtime != "broken_runtime"
    monkeypatch.setattr(runtime, "RUNTIMES", ("not_installed", "broken_runtime"))
    with pytest.raises(BadModel, match="multiarray failed to import.*pip install ai-edge-litert") as caught:
        runtime.load_model(TINY)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"not a model" * 100, TINY.read_bytes()[:1000]])
def test_a_broken_file_is_refused_in_one_line(content, tmp_path):
    path = tmp_path / "broken.tflite"
    path.write_bytes(content)
    with pytest.raises(BadModel, match=r"^model .*broken.tflite: [^\n]*$"):
        runtime.load_model(path)


def test_missing_file_and_missing_delegate_are_told_apart(tmp_path):
    with pytest.raises(BadModel, match="no such file"):
        runtime.load_model(tmp_path / "none.tflite")
    with pytest.raises(BadModel, match="delegate .*none.so"):
        runtime.load_model(TINY, delegate=tmp_path / "none.so")
    library = next(Path(np.__file__).parent.rglob("*.so"))
    with pytest.raises(BadModel, match="delegate .*: .*tflite_plugin_create_delegate"):
        runtime.load_model(TINY, delegate=library)


def test_another_shape_or_dtype_is_refused():
    runner = runtime.load_model(TINY)
    with pytest.raises(ValueError, match="expected .* uint8"):
        runner(grey().astype(np.float32))
    with pytest.raises(ValueError, match=r"got \(2, 32, 32, 3\)"):
        runner(np.repeat(grey(), 2, axis=0))


def test_threads_that_share_a_runner_get_their_own_answers():
    runner = runtime.load_model(TINY)
    wanted = {level: runner(grey(level)) for level in (10, 240)}
    wrong = []

    def ask(level: int) -> None:
        for _ in range(200):
            if not np.array_equal(runner(grey(level)), wanted[level]):
                wrong.append(level)

    workers = [threading.Thread(target=ask, args=(level,)) for level in wanted]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not np.array_equal(wanted[10], wanted[240]) and not wrong
