import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from types import ModuleType

import pytest

from edge import cli, exit_codes
from edge.errors import BadArguments, BadConfig, BadCrop, BadModel, BadPhoto, CameraError, StoreError


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of a command `probe`, whose `run` a test may replace."""
    module = ModuleType("edge.commands.probe", "Do what the test says.")
    module.add_arguments = lambda parser: parser.add_argument("--json", action="store_true")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "edge.commands.probe", module)
    return module


PROBE_HELP = {"probe": "Do what the test says."}


def fails(module: ModuleType, error: BaseException) -> None:
    def run(args: Namespace) -> int:
        raise error

    module.run = run  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadArguments("one"), 2),
        (BadConfig("one\ntwo"), 78),
        (BadModel("one"), 69),
        (CameraError("one"), 69),
        (StoreError("one"), 74),
        (OSError("one"), 74),
        (BadPhoto("one"), 1),
        (BadCrop("one"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_an_error_is_its_message_and_its_exit_code(
    probe: ModuleType, error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    fails(probe, error)
    assert cli.main(["probe"], PROBE_HELP) == code
    out, err = capsys.readouterr()
    assert out == "" and err == "".join(f"bottlebank: {line}\n" for line in str(error).splitlines())
    assert code in exit_codes.MEANING


def test_what_the_command_returns_is_the_exit_code(probe: ModuleType) -> None:
    probe.run = lambda args: 1 if args.json else 0  # type: ignore[attr-defined]
    assert cli.main(["probe"], PROBE_HELP) == 0 and cli.main(["probe", "--json"], PROBE_HELP) == 1


def test_a_bug_is_not_hidden(probe: ModuleType) -> None:
    fails(probe, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        cli.main(["probe"], PROBE_HELP)


@pytest.mark.parametrize("words", [[], ["nonsense"], ["check", "--nonsense"]])
def test_a_senseless_command_line_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == exit_codes.USAGE and "usage: bottlebank" in capsys.readouterr().err


ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}

RUN = "\nsys.exit(cli.main(['probe'], {'probe': ''}))"
PROBE = """
import sys, types
from edge import cli
probe = types.ModuleType("edge.commands.probe")
probe.add_arguments = lambda parser: None
sys.modules["edge.commands.probe"] = probe
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


def test_no_command_loads_what_belongs_to_the_workstation(tmp_path: Path) -> None:
    words = ["check", "--config", "/dev/null", "--state", str(tmp_path), "--enroll", str(tmp_path)]
    done = run_python(
        f"import sys; from edge import cli; cli.main({words})\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'tensorflow', 'keras', 'torch', 'training'}))"
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_a_name_that_is_no_text_can_be_printed() -> None:
    done = run_python(PROBE + "probe.run = lambda args: print('a\\udcff') or 0" + RUN)
    assert (done.returncode, done.stdout, done.stderr) == (0, "a\\udcff\n", "")


def test_a_reader_that_has_gone_is_no_error() -> None:
    code = PROBE + "probe.run = lambda args: [print('x' * 4096) for _ in range(1000)] and 0" + RUN
    line = '"$0" -c "$1" | head -c 1; exit ${PIPESTATUS[0]}'
    pipe = subprocess.run(["bash", "-c", line, sys.executable, code], capture_output=True, text=True, env=ENVIRONMENT)
    assert (pipe.returncode, pipe.stdout, pipe.stderr) == (exit_codes.PIPE, "x", "")


@pytest.mark.parametrize(
    ("where", "reason"), [(">&-", "closed; expected a terminal"), (">/dev/full", "No space left on device; free some")]
)
def test_output_that_cannot_be_written_names_standard_output(where: str, reason: str) -> None:
    code = PROBE + "probe.run = lambda args: print('x') or 0" + RUN
    line = f'"$0" -c "$1" {where}'
    done = subprocess.run(["bash", "-c", line, sys.executable, code], capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == exit_codes.IO and done.stderr.startswith(f"bottlebank: standard output: {reason}")
    assert len(done.stderr.splitlines()) == 1


def test_an_error_of_the_system_names_its_file(probe: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    fails(probe, PermissionError(13, "Permission denied", "/etc/shadow"))
    assert cli.main(["probe"], PROBE_HELP) == exit_codes.IO
    assert capsys.readouterr().err == "bottlebank: /etc/shadow: Permission denied\n"


def test_help_shows_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["capture", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "how many photos are taken (default: 4)" in text and text.count("default: None") == 0
    assert "(default: state.folder of the configuration)" in text and "JSON, for machines (default" not in text


@pytest.mark.parametrize("option", ["--config", "--state", "--enroll"])
def test_an_empty_path_is_refused_and_the_option_named(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["run", option, ""])
    assert end.value.code == exit_codes.USAGE
    assert f"argument {option}: expected a path, got ''" in capsys.readouterr().err


def test_the_shell_completes_every_command_and_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--print-completion", "bash"])
    script = capsys.readouterr().out
    assert end.value.code == exit_codes.OK and all(name in script for name in cli.COMMANDS)
    assert "--photos" in script and subprocess.run(["bash", "-n"], input=script, text=True).returncode == 0
    assert cli.main(["--print-completion", "nonsense"]) == exit_codes.USAGE
    assert "expected one of bash, zsh" in capsys.readouterr().err


def test_completion_without_its_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert cli.main(["--print-completion", "bash"]) == exit_codes.USAGE
    assert "--print-completion needs shtab; try: pip install shtab" in capsys.readouterr().err


def test_every_command_is_a_module_with_its_line_of_help() -> None:
    cli.parser(loaded=cli.COMMANDS)
    for name, text in cli.COMMANDS.items():
        assert (sys.modules[f"edge.commands.{name}"].__doc__ or "").splitlines()[0] == text
    files = {path.stem for path in (ROOT / "edge" / "commands").glob("*.py")}
    assert files == {*cli.COMMANDS, "__init__"}
