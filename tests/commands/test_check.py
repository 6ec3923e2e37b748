from pathlib import Path

import numpy as np
import pytest

from edge import cli, exit_codes
from edge.images.reader import read_photo
from tests.bank import pictures
from tests.tiny import TINY


def check(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[str]]:
    file = tmp_path / "b.yaml"
    if "camera:" not in text:
        pictures.write(tmp_path / "seen" / "1.png", 1)
        text += f"camera: {{kind: folder, path: {tmp_path}/seen}}\n"
    file.write_text(text)
    words = ["check", "--config", str(file), "--state", str(tmp_path / "state"), "--enroll", str(tmp_path / "enroll")]
    code = cli.main([*words, *options])
    return code, capsys.readouterr().out.splitlines()


def test_every_fault_of_the_configuration_has_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check(tmp_path, "camera: {fps: x}\nmodle: 1\n", capsys)
    assert code == exit_codes.CONFIG and len(lines) == 2
    assert lines[0].startswith("fault  configuration  ") and "b.yaml:1: camera.fps: expected a number" in lines[0]
    assert "b.yaml:2: modle: unknown key; did you mean model?" in lines[1]


def test_a_camera_that_works_gives_a_frame(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, lines = check(tmp_path, f"model: {{path: {TINY}}}\n", capsys)
    assert lines[1] == f"ok     camera         folder {tmp_path}/seen, 48x64 pixels"
    _, lines = check(tmp_path, "camera: {kind: simulated, width: 320, height: 240, seed: 3}\n", capsys)
    assert lines[1] == "ok     camera         simulated seed 3, 320x240 pixels"


def test_the_picture_shows_the_zones_that_are_ignored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen, written = pictures.picture(1), tmp_path / "view.png"
    pictures.write(tmp_path / "seen" / "1.png", 1)
    text = "isolation: {ignore: [[[0, 0], [0.5, 0], [0.5, 1], [0, 1]]]}\n"
    _, lines = check(tmp_path, text, capsys, "--picture", str(written))
    assert lines[1].startswith("ok     camera ")
    view = read_photo(written)
    assert (view[:, 30:] == seen[:, 30:]).all() and (view[:, :20] != seen[:, :20]).any(axis=2).all()


def test_a_picture_that_cannot_be_written_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, said in (("view.tif", "that ends in .jpg or .jpeg or .png"), ("no/view.jpg", "in a folder that exists")):
        with pytest.raises(SystemExit):
            check(tmp_path, "", capsys, "--picture", str(tmp_path / name))
        assert f"argument --picture: expected a file {said}, got '{tmp_path / name}'" in capsys.readouterr().err


def test_a_camera_in_the_dark_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "1.png").write_bytes(pictures.encoded(np.zeros((30, 40, 3), np.uint8), ".png"))
    _, lines = check(tmp_path, f"camera: {{kind: folder, path: {tmp_path}}}\n", capsys)
    assert lines[1].endswith("40x30 pixels; the picture is all but black: is there light?")


def test_a_missing_camera_is_a_fault_and_the_rest_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = check(tmp_path, "camera: {kind: v4l2, device: /dev/video97}\n", capsys)
    assert code == exit_codes.UNAVAILABLE and len(lines) == 5
    assert lines[1].startswith("fault  camera         /dev/video97: no such camera; plug it in")


def test_a_model_that_works_is_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check(tmp_path, f"model: {{path: {TINY}}}\n", capsys)
    assert lines[2].startswith(f"ok     model          {TINY}, id ")


def test_a_missing_model_is_a_fault_that_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check(tmp_path, "model: {path: no.tflite}\n", capsys)
    assert code == exit_codes.UNAVAILABLE
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
