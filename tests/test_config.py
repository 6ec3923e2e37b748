from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from edge import config
from edge.config import Config, load_config
from edge.errors import BadConfig

FULL = """\
camera:
  kind: video
  device: /dev/video2
  path: table.mp4
  width: 640
  height: 480
  fps: 12.5
  format: MJPG
  rotate: 180
  mains: 50
  seed: 7
isolation:
  ignore:
    - [[0, 0], [0.5, 0], [0.5, 0.25]]
model:
  path: m.tflite
  threads: 2
  delegate: libedgetpu.so.1
match:
  false_accepts: 0.002
  threshold: 0.8
  products: {cola: 0.9, 'sour cherry': 0.5}
  votes: 3
enroll:
  folder: photos
state:
  folder: state
"""


def faults(path: Path, text: str | bytes) -> list[str]:
    """The lines of the refusal, without the file's name."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(BadConfig) as refusal:
        load_config(path)
    lines = str(refusal.value).splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    return [line.removeprefix(f"{path}:") for line in lines]


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    file = tmp_path / "b.yaml"
    file.write_text("enroll: {folder: photos}\nstate: {folder: ~/state}\nmodel: {path: bottlebank-int8}\n")
    read = load_config(file)
    assert (read.enroll.folder, read.state.folder) == (tmp_path / "photos", Path("/home/me/state"))
    assert read.model.path == config.MODELS / "bottlebank-int8.tflite"
    monkeypatch.chdir(tmp_path)
    assert load_config(Path("b.yaml")) == read
    file.write_text("state: {folder: ~nobody-of-this-name/state}\n")
    with pytest.raises(BadConfig, match=r"b.yaml: state.folder: '~nobody-of-this-name/state'"):
        load_config(file)


def test_every_key_is_read_in_its_type(tmp_path: Path) -> None:
    file = tmp_path / "b.yaml"
    file.write_text(FULL)
    read = load_config(file)
    assert (read.camera.kind, read.camera.path, read.camera.fps, read.camera.seed) == (
        "video",
        tmp_path / "table.mp4",
        12.5,
        7,
    )
    assert (read.camera.rotate, read.camera.mains) == (180, "50")
    assert read.isolation.ignore == (((0, 0), (0.5, 0), (0.5, 0.25)),)
    assert read.model == config.ModelConfig(tmp_path / "m.tflite", 2, Path("libedgetpu.so.1"))
    assert read.match == config.MatchConfig(0.002, 0.8, {"cola": 0.9, "sour cherry": 0.5}, 3)
    assert (read.enroll.folder, read.state.folder) == (tmp_path / "photos", tmp_path / "state")
    for section in fields(Config):
        given_keys, known = yaml.safe_load(FULL)[section.name], fields(getattr(read, section.name))
        assert set(given_keys) == {key.name for key in known}, "FULL must name every key"


@pytest.mark.parametrize("text", ["", "# nothing\n", "camera:\n", "camera:\n  path:\nmatch: ~\n"])
def test_what_is_left_empty_has_its_default(tmp_path: Path, text: str) -> None:
    file = tmp_path / "b.yaml"
    file.write_text(text)
    assert load_config(file) == Config()


def test_all_faults_are_told_at_once_with_line_and_key(tmp_path: Path) -> None:
    text = """\
camera:
  knid: video
  fps: 1000
  width: wide
  fps: 10
match:
  threshold: .nan
  products: {cola: 2, cola: 0.5}
modle:
  path: x
state: [a, b]
enroll:
  folder: {a: 1}
"""
    assert faults(tmp_path / "b.yaml", text) == [
        "2: camera.knid: unknown key; did you mean kind?",
        "3: camera.fps: expected a number from 1 to 120, got '1000'",
        "4: camera.width: expected a whole number from 160 to 8192, got 'wide'",
        "5: camera.fps: given twice, first in line 3",
        "7: match.threshold: expected a number from -1 to 1, got '.nan'",
        "8: match.products.cola: expected a number from -1 to 1, got '2'",
        "8: match.products.cola: given twice, first in line 8",
        "9: modle: unknown key; did you mean model?",
        "11: state: expected `key: value` pairs, got a list",
        "13: enroll.folder: expected a path, got keys with values",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "camera: {kind: webcam}",
            "1: camera.kind: expected one of picamera2, v4l2, video, folder, simulated, got 'webcam'",
        ),
        ("\ncamera:\n  kind: video", "3: camera.path: missing; the video camera needs the path to read"),
        ("model:\n  threads: true", "2: model.threads: expected a whole number from 1 to 64, got 'true'"),
        (
            "match: {votes: 1" + 400 * "0" + "}",
            f"1: match.votes: expected a whole number from 1 to 25, got '1{58 * '0'}…'",
        ),
        ("model:\n  threads: 1.5", "2: model.threads: expected a whole number from 1 to 64, got '1.5'"),
        ('state: {folder: "a\\0b"}', "1: state.folder: expected a path, got 'a\\x00b'"),
        ("state: {folder: ''}", "1: state.folder: expected a path, got ''"),
        ("match: {threshold: !!int ''}", "1: match.threshold: expected a number from -1 to 1, got ''"),
        ("match: {threshold: !!timestamp x}", "1: match.threshold: expected a number from -1 to 1, got 'x'"),
        ("42", "1: the file: expected `key: value` pairs, got '42'"),
        ("? [a]\n: 1", "1: ?: expected a name before the colon, got a list"),
        ("camera: &a [*a]", "1: camera: expected `key: value` pairs, got a list"),
        ("camera: {kind: video", "1: not YAML: expected ',' or '}', but got '<stream end>'"),
        ("a: 1\n---\nb: 2", "2: not YAML: but found another document"),
        ("[" * 5000, " not a configuration: nested too deeply"),
        (b"\xff\xfe\x00", " not YAML: "),
        ('"\\UFFFFFFFF"', " not YAML: "),
    ],
)
def test_a_fault_is_one_line(tmp_path: Path, text: str | bytes, fault: str) -> None:
    (line,) = faults(tmp_path / "b.yaml", text)
    assert line == fault or (fault.endswith(": ") and line.startswith(fault))


def test_the_faults_of_polygons_are_told_with_their_lines(tmp_path: Path) -> None:
    text = """\
isolation:
  ignore:
    - [[0, 0], [1, 0], [1, 1.5]]
    - [[0, 0], [1, 1]]
    - left
    - [[0, 0], [0.5], 0.5, [x, 1]]
camera: {rotate: 45}
"""
    assert faults(tmp_path / "b.yaml", text) == [
        "3: isolation.ignore[0][2][1]: expected a number from 0 to 1, got '1.5'",
        "4: isolation.ignore[1]: expected three corners or more, got 2",
        "5: isolation.ignore[2]: expected a list of corners [x, y], got 'left'",
        "6: isolation.ignore[3][1]: expected [x, y], got a list of 1",
        "6: isolation.ignore[3][2]: expected [x, y], got '0.5'",
        "6: isolation.ignore[3][3][0]: expected a number from 0 to 1, got 'x'",
        "7: camera.rotate: expected one of 0, 90, 180, 270, got '45'",
    ]
    assert faults(tmp_path / "b.yaml", "isolation: {ignore: all}") == [
        "1: isolation.ignore: expected a list of polygons, got 'all'"
    ]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="no.yaml: No such file or directory; give a configuration file"):
        load_config(tmp_path / "no.yaml")


def test_without_a_file_the_systems_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = tmp_path / "b.yaml"
    monkeypatch.setattr(config, "SYSTEM_FILE", system)
    assert load_config(None) == Config()
    system.write_text("match: {votes: 9}")
    assert load_config(None).match.votes == 9


@given(st.data())
def test_any_mutation_loads_or_is_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    text = bytearray(FULL.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        span = data.draw(st.integers(0, 8))
        pieces = st.one_of(
            st.binary(max_size=6),
            st.sampled_from([b"\n", b": ", b"- ", b"&a ", b"*a", b"!!int ", b"!!timestamp ", b"{", b"["]),
        )
        text[at : at + span] = data.draw(pieces)
    file = tmp_path_factory.getbasetemp() / "mutated.yaml"
    file.write_bytes(text)
    try:
        assert isinstance(load_config(file), Config)
    except BadConfig as refusal:
        assert str(refusal).startswith(str(file))
