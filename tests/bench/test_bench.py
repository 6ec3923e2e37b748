"""The benchmark; that its figures are right is shown on works whose time is known."""

import json
import platform
import sys
import time
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from edge.bench import large, limits
from edge.bench import process as startup
from edge.bench.measurement import Measurement, line
from edge.bench.suite import Rounds, measure
from edge.bench.timing import Stopwatch, interleaved
from edge.config import Config, ModelConfig
from edge.errors import EdgeError
from edge.model.embedder import Embedder
from tests.tiny import TINY


def test_the_median_of_each_work_without_its_first_round() -> None:
    log: list[str] = []
    own = iter([99.0, 3.0, 1.0, 2.0])

    def measured() -> float:
        log.append("a")
        return next(own)

    took = interleaved({"a": measured, "b": lambda: log.append("b")}, rounds=3)
    assert took["a"] == 2.0 and 0 < took["b"] < 0.01
    assert log == ["a", "b"] * 4


def test_a_stopwatch_times_the_invocations_and_nothing_else() -> None:
    class Interpreter:
        def invoke(self) -> None:
            time.sleep(0.002)

        def get_tensor(self, index: int) -> int:
            return index + 1

    watch = Stopwatch(Interpreter())
    assert watch.get_tensor(1) == 2 and watch.seconds == 0
    watch.invoke()
    watch.invoke()
    assert 0.004 <= watch.seconds < 0.5


@pytest.mark.parametrize(("value", "verdict"), [(0.04, "met"), (0.05, "met"), (0.06, "MISSED")])
def test_a_line_says_value_goal_and_distance(value: float, verdict: str) -> None:
    words = line(Measurement("a frame", value, 0.05, "of noise", "invoke"))
    assert f"{100 * value:.1f} %" in words and "goal" in words and "5.0 %" in words and verdict in words
    assert f"{100 * (value / 0.05 - 1):+.0f} %" in words


def test_memory_and_processor_time_are_those_of_the_process_asked_for() -> None:
    code = "import time\na = b'x' * 200_000_000\nwhile time.process_time() < 0.5: pass\nprint(); input()"
    ballast = b"x" * 400_000_000  # the peak of this process is not to count
    with Popen([sys.executable, "-c", code], stdin=PIPE, stdout=PIPE) as process:
        assert process.stdout and process.stdout.readline()
        memory, seconds = startup.peak_memory(process.pid), startup.cpu_seconds(process.pid)
        process.communicate(b"\n")
    assert startup.peak_memory(process.pid) is None
    assert len(ballast) / 1e6 > (memory or 0) > 200 and 0.5 <= seconds < 0.7


def test_a_service_that_does_not_start_is_reported_with_its_reason(tmp_path: Path) -> None:
    model = ModelConfig(tmp_path / "none.tflite")
    with pytest.raises(EdgeError, match=r"named nothing: bottlebank: .*none.* not found"):
        startup.startup(model, "json", rounds=1)


def test_a_bank_without_room_in_memory_is_left_out_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    embedder = Embedder(TINY)
    needed = 8 * 10_000 * embedder.card.dimension
    assert [row.name for row in large.banks(embedder, rounds=1, memory=lambda: needed)] == [
        "match against 10,000 vectors"
    ]
    assert "a bank of 100000 vectors is left out" in caplog.text


def test_the_limits_are_printed_with_the_machine() -> None:
    assert platform.machine() in limits.machine() and " cores, " in limits.machine()
    found = limits.limits(times=1)
    assert found["GFLOP/s"] > 0.1 and found["GB/s"] > 0.1
    assert limits.in_words({"GFLOP/s": 90.4, "GB/s": 26}).endswith(
        "90 GFLOP/s in a float32 matrix product, reads 26.0 GB/s"
    )


def test_the_table_and_its_figures() -> None:
    results = measure(Config(model=ModelConfig(TINY)), Rounds(1, 1, 1, 1, 1))
    plain = json.loads(results.as_json())
    lines = results.as_lines()
    assert len(lines) == 2 + len(plain["rows"]) and all(" goal " in line for line in lines[2:])
    assert 0 < plain["invoke"] < 0.1
    assert [row["name"] for row in plain["rows"]] == [
        "one frame of the empty scene",
        "the rest of one identification",
        "match against 1,000 vectors",
        "match against 10,000 vectors",
        "match against 100,000 vectors",
        "100 photos side by side",
        "the service's most memory",
        "from its start until it is ready",
    ]
    memory, start = plain["rows"][6:]
    assert memory["unit"] == "MB" and 50 < memory["value"] < 150
    assert start["unit"] == "imports" and 1 < start["value"] < 5
    assert all(
        row["value"] > 0 and row["distance"] == round(row["value"] / row["goal"] - 1, 3) for row in plain["rows"]
    )
