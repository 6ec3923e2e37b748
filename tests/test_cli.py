import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from types import ModuleType

import pytest

from edge import cli, exit_codes
from edge.errors import BadConfig, BadCrop, BadModel, BadPhoto, CameraError, StoreError


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A verb `probe`, whose `run` a test may replace."""
    module = ModuleType("edge.commands.probe", "Do what the test says.")
    module.add_arguments = lambda parser: parser.add_argument("--json", action="store_true")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "edge.commands.probe", module)
    monkeypatch.setattr(cli, "VERBS", ("probe",))
    return module


def fails(module: ModuleType, error: BaseException) -> None:
    def run(args: Namespace) -> int:
        raise error

    module.run = run  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadConfig("one\ntwo"), 78),
        (BadModel("one"), 69),
        (CameraError("one"), 69),
        (StoreError("one"), 74),
        (OSError(28, "No space left on device"), 74),
        (BadPhoto("one"), 1),
        (BadCrop("one"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_an_error_is_its_message_and_its_exit_code(
    verb: ModuleType, error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    fails(verb, error)
    assert cli.main(["probe"]) == code
    out, err = capsys.readouterr()
    assert out == "" and err == "".join(f"bottlebank: {line}\n" for line in str(error).splitlines())
    assert code in exit_codes.MEANING


def test_what_the_verb_returns_is_the_exit_code(verb: ModuleType) -> None:
    verb.run = lambda args: 1 if args.json else 0  # type: ignore[attr-defined]
    assert cli.main(["probe"]) == 0 and cli.main(["probe", "--json"]) == 1


def test_a_bug_is_not_hidden(verb: ModuleType) -> None:
    fails(verb, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        cli.main(["probe"])


@pytest.mark.parametrize("words", [[], ["nonsense"], ["check", "--nonsense"]])
def test_a_senseless_command_line_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == exit_codes.USAGE and "usage: bottlebank" in capsys.readouterr().err


ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}

PROBE = """
import sys, types
from edge import cli
verb = types.ModuleType("edge.commands.probe", "Do what the test says.")
verb.add_arguments = lambda parser: None
sys.modules["edge.commands.probe"] = verb
cli.VERBS = ("probe",)
"""


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, env=ENVIRONMENT)


def test_the_parser_imports_nothing_heavy() -> None:
    done = run_python(
        "import sys; from edge import cli; cli.parser().format_help()\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'numpy', 'cv2', 'ai_edge_litert', 'tflite_runtime', 'tensorflow', 'keras', 'picamera2', 'training'}))"
    )
    assert done.stdout == "[]\n", done.stderr


def test_no_verb_loads_what_belongs_to_the_workstation(tmp_path: Path) -> None:
    words = ["check", "--config", "/dev/null", "--state", str(tmp_path), "--enroll", str(tmp_path)]
    done = run_python(
        f"import sys; from edge import cli; cli.main({words})\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'tensorflow', 'keras', 'torch', 'training'}))"
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_a_name_that_is_no_text_can_be_printed() -> None:
    done = run_python(PROBE + "verb.run = lambda args: print('a\\udcff') or 0\nsys.exit(cli.main(['probe']))")
    assert (done.returncode, done.stdout, done.stderr) == (0, "a\\udcff\n", "")


def test_a_reader_that_has_gone_is_no_error() -> None:
    code = (
        PROBE + "verb.run = lambda args: [print('x' * 4096) for _ in range(1000)] and 0\nsys.exit(cli.main(['probe']))"
    )
    line = '"$0" -c "$1" | head -c 1; exit ${PIPESTATUS[0]}'
    pipe = subprocess.run(["bash", "-c", line, sys.executable, code], capture_output=True, text=True, env=ENVIRONMENT)
    assert (pipe.returncode, pipe.stdout, pipe.stderr) == (exit_codes.PIPE, "x", "")


def test_every_verb_is_a_module_with_a_line_of_help() -> None:
    parser = cli.parser()
    assert isinstance(parser, ArgumentParser)
    for name in cli.VERBS:
        assert sys.modules[f"edge.commands.{name}"].__doc__, name
