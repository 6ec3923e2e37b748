import dataclasses
import io
import json
import sys

import pytest

from edge import cli
from edge.images.writer import write_picture
from edge.model.card import load_card, model_id
from edge.model.graph import fused
from tests.tiny import TINY, colours


@pytest.fixture
def scratch(tmp_path):
    """A configuration of the tiny model, two enrolled products, and a place for probes."""
    (tmp_path / "bottlebank.yaml").write_text(f"model: {{path: {TINY}}}\n")
    for product, seed in (("cola", 1), ("water", 2)):
        (tmp_path / "enroll" / product).mkdir(parents=True)
        write_picture(tmp_path / "enroll" / product / "1.png", colours(seed))
    (tmp_path / "probes").mkdir()
    return tmp_path


def identify(scratch, *words):
    options = ["--config", scratch / "bottlebank.yaml", "--state", scratch / "state", "--enroll", scratch / "enroll"]
    return cli.main(["identify", *map(str, [*words, *options])])


def test_a_folder_is_named_in_order_and_what_is_not_enrolled_is_unknown(scratch, capsys):
    for name, seed in (("a.png", 2), ("b.png", 1), ("c.png", 9)):
        write_picture(scratch / "probes" / name, colours(seed))
    (scratch / "probes" / "notes.txt").write_text("no picture")
    assert identify(scratch, scratch / "probes", "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["file"], line["product"]) for line in lines] == [
        (str(scratch / "probes" / "a.png"), "water"),
        (str(scratch / "probes" / "b.png"), "cola"),
        (str(scratch / "probes" / "c.png"), None),
    ]
    first = lines[0]
    assert first["score"] == pytest.approx(1, abs=1e-3) and first["threshold"] == 0.9
    assert [c["product"] for c in first["candidates"]] == ["water", "cola"]
    assert first["candidates"][0]["photo"] == "water/1.png"
    assert first["margin"] == pytest.approx(first["score"] - first["candidates"][1]["score"], abs=1e-3)


@pytest.mark.parametrize("how", ["one", "batch", "fused"])
def test_a_file_that_takes_the_bank_gives_the_same_answers(scratch, capsys, how):
    write_picture(scratch / "probes" / "a.png", colours(2))
    assert identify(scratch, scratch / "probes", "--json", "--how", how) == 0
    expected = json.loads(capsys.readouterr().out)
    model = scratch / "fused.tflite"
    model.write_bytes(fused(TINY.read_bytes()))
    dataclasses.replace(load_card(TINY), id=model_id(model), fused=True).save(model)
    (scratch / "bottlebank.yaml").write_text(f"model: {{path: {model}}}\n")
    assert identify(scratch, scratch / "probes", "--json", "--how", how) == 0
    assert json.loads(capsys.readouterr().out) == expected


def test_bad_files_are_told_twice_and_the_rest_are_done(scratch, capsys):
    good = scratch / "probes" / "good.png"
    write_picture(good, colours(1))
    cut_off = scratch / "probes" / "cut.png"
    cut_off.write_bytes(good.read_bytes()[:-30])
    empty, missing = scratch / "empty.jpg", scratch / "missing.jpg"
    empty.touch()
    files = [cut_off, good, empty, missing, good]
    assert identify(scratch, *files, "--json") == 1
    captured = capsys.readouterr()
    lines = [json.loads(line) for line in captured.out.splitlines()]
    assert [line["file"] for line in lines] == [str(file) for file in files]
    assert ["error" in line for line in lines] == [True, False, True, True, False]
    *told, summary = captured.err.splitlines()
    assert summary == "bottlebank: 5 images: 2 named, 0 unknown, 3 cannot be used"
    assert [str(file) in line for file, line in zip((cut_off, empty, missing), told, strict=True)] == [True] * 3


def test_people_read_one_line_an_image(scratch, capsys):
    for name, seed in (("a.png", 2), ("c.png", 9)):
        write_picture(scratch / "probes" / name, colours(seed))
    assert identify(scratch, scratch / "probes") == 0
    known, unknown = capsys.readouterr().out.splitlines()
    assert known == f"{scratch / 'probes' / 'a.png'}  water  1.000"
    assert "unknown  nearest" in unknown and "needs 0.900" in unknown


def test_without_anything_enrolled_all_is_unknown_and_why_is_told(scratch, capsys, caplog):
    write_picture(scratch / "probes" / "a.png", colours(1))
    (scratch / "bottlebank.yaml").write_text(f"model: {{path: {TINY}}}\nenroll: {{folder: {scratch / 'none'}}}\n")
    assert cli.main(["identify", str(scratch / "probes"), "--config", str(scratch / "bottlebank.yaml")]) == 0
    assert capsys.readouterr().out.endswith("unknown  nothing is enrolled\n")
    assert "nothing is enrolled; --enroll" in caplog.text.replace("so nothing", "nothing")


def test_an_enrollment_folder_named_and_missing_is_an_error(scratch, capsys):
    write_picture(scratch / "probes" / "a.png", colours(1))
    (scratch / "enroll").rename(scratch / "elsewhere")
    assert identify(scratch, scratch / "probes") == 74
    assert "enroll" in capsys.readouterr().err


def test_a_folder_without_images_says_so(scratch, capsys):
    assert identify(scratch, scratch / "probes") == 2
    said = capsys.readouterr().err
    assert said.startswith(f"bottlebank: {scratch / 'probes'}: no images in it; expected .avif") and ".jpg" in said


def test_the_configuration_may_set_other_thresholds(scratch, capsys):
    for name, seed in (("b.png", 1), ("c.png", 2)):
        write_picture(scratch / "probes" / name, colours(seed, noise=60))
    match = "match: {threshold: -1, products: {cola: 1}}"
    (scratch / "bottlebank.yaml").write_text(f"model: {{path: {TINY}}}\n{match}\n")
    assert identify(scratch, scratch / "probes", "--json") == 0
    cola, water = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (cola["product"], cola["threshold"], cola["candidates"][0]["product"]) == (None, 1, "cola")
    assert (water["product"], water["threshold"]) == ("water", -1)


def test_on_a_terminal_the_progress_makes_room_for_each_answer(scratch, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for number in range(5):
        write_picture(scratch / "probes" / f"{number}.png", colours(number))
    (scratch / "probes" / "3.png").write_bytes(b"no picture")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("edge.console.progress.SECONDS_BETWEEN", 0)
    assert identify(scratch, scratch / "probes") == 1
    shown = [line.split("\r\x1b[K")[-1] for line in terminal.getvalue().split("\n") if "probes" in line]
    assert len(shown) == 6 and all(line.startswith((str(scratch), "bottlebank: ")) for line in shown)
    assert "4/5 images" in terminal.getvalue()


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_whoever_reads_along_has_each_answer_at_once(scratch, monkeypatch, form):
    for number in range(3):
        write_picture(scratch / "probes" / f"{number}.png", colours(number))
    writes = []

    class Pipe(io.BytesIO):
        def write(self, content):
            writes.append(bytes(content))
            return super().write(content)

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Pipe()))
    assert identify(scratch, scratch / "probes", form) == 0
    assert [content.count(b"\n") for content in writes] == [1] * (4 if form == "--csv" else 3)
