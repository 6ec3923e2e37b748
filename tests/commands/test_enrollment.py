"""The commands enroll and list, on the tiny model."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from edge import cli, exit_codes
from edge.assembly import parts
from edge.config import StateConfig
from edge.images.writer import write_picture
from edge.isolation.isolator import Isolator
from edge.types import Frame
from tests.commands.media import video
from tests.isolation.scenes import FPS, bottle, table
from tests.tiny import TINY


class Scratch:
    """A folder with a configuration, where a command is run and its output taken."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.enroll, self.state, self._capsys = path, path / "enroll", path / "state", capsys
        self.enroll.mkdir()
        (path / "b.yaml").write_text(f"model: {{path: {TINY}}}\nenroll: {{folder: {self.enroll}}}\n")

    def photo(self, name: str, level: int) -> None:
        file = self.enroll / name
        file.parent.mkdir(exist_ok=True)
        image = np.full((40, 30, 3), (level, 90, 255 - level), np.uint8)
        image[:20] = 255 - image[:20]
        write_picture(file, image)

    def run(self, *words: str) -> tuple[int, list[str]]:
        code = cli.main([*words, "--config", str(self.path / "b.yaml"), "--state", str(self.state)])
        return code, self._capsys.readouterr().out.splitlines()


@pytest.fixture
def scratch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Scratch:
    return Scratch(tmp_path, capsys)


def test_listing_before_anything_is_enrolled_makes_no_file(scratch: Scratch) -> None:
    assert scratch.run("list") == (exit_codes.OK, [f"{scratch.state}/bank.db: nothing is enrolled yet"])
    assert scratch.run("list", "--json") == (exit_codes.OK, [])
    assert not scratch.state.exists()


def test_photos_are_enrolled_and_listed(scratch: Scratch) -> None:
    for name, level in (("cola/1.png", 10), ("cola/2.png", 20), ("fanta1.png", 200)):
        scratch.photo(name, level)
    code, lines = scratch.run("enroll")
    assert (code, lines[:-1]) == (
        exit_codes.OK,
        ["added     cola/1.png", "added     cola/2.png", "added     fanta1.png"]
        + ["advice    cola: its 2 views show one side; add photos of the others"]
        + ["advice    fanta: one photo; add three more, from other sides"],
    )
    assert lines[-1] == f"{scratch.enroll}: 3 photos of 2 products enrolled, 0 refused"
    assert scratch.run("list")[1][:2] == ["cola  2 photos", "fanta  1 photo"]

    (scratch.enroll / "fanta1.png").rename(scratch.enroll / "lemon1.png")
    (scratch.enroll / "cola" / "2.png").unlink()
    code, (line,) = scratch.run("enroll", "--json")
    report = json.loads(line)
    assert code == exit_codes.OK and report["renamed"] == [["fanta1.png", "lemon1.png"]]
    assert report["removed"] == ["cola/2.png"] and report["embedded"] == 0
    assert report["enrolled"] == {"photos": 2, "products": 2} and report["refused"] == {}
    assert [each["product"] for each in report["advice"]] == ["cola", "lemon"]
    (cola, _) = [json.loads(line) for line in scratch.run("list", "--json")[1]]
    assert cola["advice"] == ["one photo; add three more, from other sides"]
    assert "advice  lemon: one photo; add three more, from other sides" in scratch.run("list")[1]


def test_a_refused_photo_is_named_with_the_reason_each_time(scratch: Scratch) -> None:
    scratch.photo("cola/1.png", 10)
    (scratch.enroll / "cola" / "2\x1b.jpg").write_bytes(b"no picture")
    for _ in range(2):
        code, lines = scratch.run("enroll")
        assert code == exit_codes.SOME_FAILED
        assert [line for line in lines if line.startswith("refused   cola/2?.jpg  ")]
        assert lines[-1].endswith("1 photo of 1 product enrolled, 1 refused")
    assert scratch.run("list")[1][1].startswith("refused  cola/2?.jpg  ")
    entries = [json.loads(line) for line in scratch.run("list", "--json")[1]]
    assert [(entry["photo"], entry["state"]) for entry in entries] == [
        ("cola/1.png", "enrolled"),
        ("cola/2\x1b.jpg", "refused"),
    ]
    assert entries[0]["reason"] is None and entries[1]["reason"]


def test_what_is_no_photo_is_listed_with_the_reason(scratch: Scratch) -> None:
    (scratch.enroll / "notes.txt").write_text("cola")
    code, lines = scratch.run("enroll")
    assert code == exit_codes.OK
    assert lines == [
        "ignored   notes.txt  not a photo or video by its name",
        f"{scratch.enroll}: 0 photos of 0 products enrolled, 0 refused, 1 ignored",
    ]
    assert scratch.run("list")[1] == [
        "ignored  notes.txt  not a photo or video by its name",
        f"{scratch.state}/bank.db: 0 photos of 0 products enrolled, 0 refused, 1 ignored",
    ]


def test_a_missing_folder_is_told_and_nothing_is_forgotten(scratch: Scratch) -> None:
    scratch.photo("cola/1.png", 10)
    scratch.run("enroll")
    assert scratch.run("enroll", "--enroll", str(scratch.path / "nowhere"))[0] == exit_codes.IO
    assert scratch.run("list")[1][0] == "cola  1 photo"


def test_a_whole_frame_of_the_camera_is_isolated_once_the_empty_scene_is_known(scratch: Scratch) -> None:
    table = np.random.default_rng(1).integers(100, 120, (120, 160, 3)).astype(np.uint8)
    table[60:] += 40
    isolator = Isolator()
    isolator.step(Frame(table, 0, 0.0))
    bottle = table.copy()
    bottle[30:90, 60:85] = np.random.default_rng(2).integers(0, 255, (60, 25, 3))
    probe = scratch.path / "probe.png"
    (scratch.enroll / "cola").mkdir()
    near = np.random.default_rng(2).integers(0, 255, (120, 160, 3)).astype(np.uint8)
    photos = {"cola/frame.png": bottle, "cola/empty.png": table, "cola/near.png": near}
    for file, picture in (*photos.items(), (probe, bottle[27:93, 57:88])):
        write_picture(scratch.enroll / file, picture)
    assert scratch.run("enroll")[1][-1].endswith("3 photos of 1 product enrolled, 0 refused")

    parts.save_scene(StateConfig(scratch.state), (160, 120), isolator)
    code, lines = scratch.run("enroll")
    assert code == exit_codes.SOME_FAILED and lines[-1].endswith("2 photos of 1 product enrolled, 1 refused")
    assert (
        "refused   cola/empty.png  a whole frame of this camera that shows the empty scene; put the product there"
        in lines
    )
    note = "  cola/near.png  1 view; nothing stands out from the empty scene; the whole photo is used"
    assert note in scratch.run("list")[1]
    _, (line,) = scratch.run("identify", "--json", str(probe), "--enroll", str(scratch.enroll))
    assert json.loads(line)["score"] > 0.9999


def test_a_video_of_a_turn_is_enrolled_and_listed_with_its_views(scratch: Scratch) -> None:
    colours = [(250 - 20 * step, 20 * step, 60) for step in range(12)]
    turn = [bottle(table(), 140, colour) for colour in colours for _ in range(3)]
    (scratch.enroll / "cola").mkdir()
    video(scratch.enroll / "cola" / "turn.mp4", [table()] * FPS + turn)
    assert scratch.run("enroll")[1][0] == "added     cola/turn.mp4"
    product, views, *_ = scratch.run("list")[1]
    assert product == "cola  1 photo" and re.fullmatch(r"  cola/turn\.mp4  ([2-9]|1[0-6]) views", views)
    (entry,) = [json.loads(line) for line in scratch.run("list", "--json")[1]]
    assert entry["views"] > 1 and entry["note"] is None
