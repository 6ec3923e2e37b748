from pathlib import Path

import pytest

from edge import cli, exits
from tests.tiny import TINY


def check(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    file = tmp_path / "b.yaml"
    file.write_text(text)
    words = ["check", "--config", str(file), "--state", str(tmp_path / "state"), "--enroll", str(tmp_path / "enroll")]
    code = cli.main(words)
    return code, capsys.readouterr().out.splitlines()


def test_every_fault_of_the_configuration_has_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check(tmp_path, "camera: {fps: x}\nmodle: 1\n", capsys)
    assert code == exits.CONFIG and len(lines) == 2
    assert lines[0].startswith("fault  configuration  ") and "b.yaml:1: camera.fps: expected a number" in lines[0]
    assert "b.yaml:2: modle: unknown key; did you mean model?" in lines[1]


def test_a_model_that_works_is_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check(tmp_path, f"model: {{path: {TINY}}}\n", capsys)
    assert lines[1].startswith(f"ok     model          {TINY}, id ")


def test_a_missing_model_is_a_fault_that_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check(tmp_path, "model: {path: no.tflite}\n", capsys)
    assert code == exits.UNAVAILABLE
    assert [
        line for line in lines if line.startswith("fault  model") and "no.yaml: not found; every model needs" in line
    ]


def test_the_bank_and_its_photos(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"model: {{path: {TINY}}}\n"
    code, lines = check(tmp_path, text, capsys)
    assert lines[-1].startswith(f"fault  bank           enrollment folder {tmp_path}/enroll: ")
    (tmp_path / "enroll").mkdir()
    (tmp_path / "enroll" / "cola1.jpg").write_bytes(b"")
    _, lines = check(tmp_path, text, capsys)
    assert lines[-1].startswith("ok     bank ") and lines[-1].endswith(f"; 1 photo in {tmp_path}/enroll")
    assert not (tmp_path / "state").exists()
    words = ["--config", str(tmp_path / "b.yaml"), "--state", str(tmp_path / "state")]
    cli.main(["enroll", *words, "--enroll", str(tmp_path / "enroll")])
    capsys.readouterr()
    _, lines = check(tmp_path, text, capsys)
    assert "0 enrolled, 1 refused, see `bottlebank list`; 1 photo in" in lines[-1]


def test_a_state_folder_that_is_not_writable_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "enroll").mkdir()
    monkeypatch.setattr("os.access", lambda path, mode: False)
    code, lines = check(tmp_path, f"model: {{path: {TINY}}}\n", capsys)
    assert code and lines[-1] == (
        f"fault  bank           {tmp_path}: this user may not write there; be the service's user or give --state"
    )


@pytest.mark.parametrize(
    ("part", "answer", "said"),
    [("volatile", "overlay", "may be gone after the next boot"), ("unwritable", "read-only", "the disk is read-only")],
)
def test_a_disk_that_keeps_nothing_is_a_fault(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    part: str,
    answer: str,
    said: str,
) -> None:
    monkeypatch.setattr(f"edge.verbs.check.{part}", lambda path: answer)
    code, lines = check(tmp_path, f"model: {{path: {TINY}}}\n", capsys)
    (line,) = [line for line in lines if line.startswith("fault  disk ")]
    assert code == exits.IO and said in line and "; try: sudo " in line
