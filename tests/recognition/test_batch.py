"""identify in its three ways, by its command line."""

import csv
import io
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge import cli
from edge.console import contact_sheet
from edge.console.contact_sheet import ContactSheets, captions
from edge.images import finder
from edge.images.letterbox import letterbox
from edge.images.reader import read_photo
from edge.images.writer import write_picture
from edge.model.cohort import Cohort, Weights, save_cohort
from edge.model.embedder import Embedder
from edge.recognition.batch import Identified
from edge.types import Candidate, Match
from tests.tiny import TINY, colours

STEP = contact_sheet.TILE + contact_sheet.LINES * contact_sheet.LINE + contact_sheet.GAP
WAYS = ("one", "batch", "fused", "auto")


@pytest.fixture
def scratch(tmp_path):
    """Twelve enrolled products, and eighty probes of which three are no pictures."""
    (tmp_path / "bottlebank.yaml").write_text(f"model: {{path: {TINY}}}\nmatch: {{threshold: 0.95}}\n")
    (tmp_path / "enroll").mkdir()
    for seed in range(12):
        write_picture(tmp_path / "enroll" / f"p{chr(97 + seed)}1.png", colours(seed))
    (tmp_path / "probes" / "more").mkdir(parents=True)
    for number in range(80):
        name = f"more/{number:02}.jpg" if number % 3 else f"{number:02}.png"
        picture = cv2.resize(colours(number % 20, noise=20), (90 + number, 1500 if number == 7 else 90 + number))
        write_picture(tmp_path / "probes" / name, picture)
    for name in ("00.png", "more/44.jpg", "more/79.jpg"):
        (tmp_path / "probes" / name).write_bytes(b"no picture")
    return tmp_path


def identify(scratch, *words):
    options = ["--config", scratch / "bottlebank.yaml", "--state", scratch / "state", "--enroll", scratch / "enroll"]
    return cli.main(["identify", *map(str, [scratch / "probes", *words, *options])])


def with_cohort(scratch):
    """Take a copy of the model that has a cohort, and so gives every answer a threshold of its own and a confidence."""
    for name in ("tiny.tflite", "tiny.yaml"):
        shutil.copy(TINY.with_name(name), scratch / name)
    model = Embedder(scratch / "tiny.tflite")
    others = model.embed([colours(seed) for seed in range(100, 200)])
    save_cohort(scratch / "tiny.tflite", model.card.id, Cohort(others, Weights(-12.0, 12.0, 8.0, -2.0, 0.5)))
    (scratch / "bottlebank.yaml").write_text("model: {path: tiny.tflite}\n")


@pytest.mark.parametrize("cohort", [False, True])
def test_all_ways_give_the_same_answers_in_the_same_order(scratch, capsys, cohort):
    if cohort:
        with_cohort(scratch)
    said = {}
    for way in WAYS:
        assert identify(scratch, "--how", way, "--json") == 1
        said[way] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    expected = [str(file) for file in finder.find([scratch / "probes"])]
    assert len(expected) == 80 and expected == sorted(expected)
    for way in WAYS:
        assert [line["file"] for line in said[way]] == expected
        for line, plain in zip(said[way], said["one"], strict=True):
            assert line.keys() == plain.keys()
            if "error" in line:
                assert line == plain
                continue
            assert line["product"] == plain["product"]
            assert line["threshold"] == pytest.approx(plain["threshold"], abs=1e-5)
            assert line["confidence"] == (pytest.approx(plain["confidence"], abs=1e-4) if cohort else None)
            for mine, other in zip(line["candidates"], plain["candidates"], strict=True):
                assert (mine["product"], mine["photo"]) == (other["product"], other["photo"])
                assert mine["score"] == pytest.approx(other["score"], abs=1e-5)
    known = [line["product"] for line in said["one"] if line.get("product")]
    assert len(set(known)) > 3 and len(known) < 77


@pytest.mark.parametrize("way", WAYS)
def test_without_a_bank_all_is_unknown(scratch, capsys, way):
    for photo in (scratch / "enroll").iterdir():
        photo.unlink()
    assert identify(scratch, "--how", way) == 1
    assert capsys.readouterr().out.count("unknown  nothing is enrolled") == 77


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_stops_between_two_images_and_keeps_what_it_has(scratch, capsys, monkeypatch, way):
    class Printed(io.StringIO):
        """A stdout at which Ctrl-C is pressed after five answers."""

        def write(self, text):
            if self.getvalue().count("\n") == 4 and "\n" in text:
                os.kill(os.getpid(), signal.SIGINT)
            return super().write(text)

    printed = Printed()
    monkeypatch.setattr(sys, "stdout", printed)
    before = signal.getsignal(signal.SIGINT)
    assert identify(scratch, "--how", way, "--json", "--sheet", scratch / "sheet.png") == 130
    said = [json.loads(line)["file"] for line in printed.getvalue().splitlines()]
    assert f"stopped by Ctrl-C after {len(said)} of 80 images: " in capsys.readouterr().err
    files = list(map(str, finder.find([scratch / "probes"])))
    assert said == files[: len(said)] and 5 <= len(said) < 80
    assert signal.getsignal(signal.SIGINT) is before
    page = read_photo(scratch / "sheet.png")
    assert page.shape[0] == contact_sheet.GAP + -(-len(said) // contact_sheet.COLUMNS) * STEP


def test_csv_has_a_row_an_image(scratch, capsys):
    assert identify(scratch, "--csv") == 1
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    identify(scratch, "--json")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for row, line in zip(rows, lines, strict=True):
        assert row["file"] == line["file"] and row["error"] == line.get("error", "")
        assert row["product"] == (line.get("product") or "")
        if "candidates" in line:
            assert float(row["score"]) == pytest.approx(line["score"], abs=1e-5)
            assert row["third"] == line["candidates"][2]["product"] and row["photo"] == line["candidates"][0]["photo"]


def test_the_summary_counts_and_names_the_sheets(scratch, capsys):
    assert identify(scratch, "--json", "--sheet", scratch / "sheet.png") == 1
    out, err = capsys.readouterr()
    named = sum(json.loads(line).get("product") is not None for line in out.splitlines())
    assert err.splitlines()[-2:] == [
        f"bottlebank: 80 images: {named} named, {77 - named} unknown, 3 cannot be used",
        f"bottlebank: {scratch}/sheet.png",
    ]


def test_a_sheet_shows_the_crops_and_goes_on_on_the_next_page(scratch):
    files = list(finder.find([scratch / "probes"]))
    answers = [Identified(file, finder.crop(file, 32), None) for file in files]
    sheets = ContactSheets(scratch / "sheet.png", rows=4)
    for answer in answers:
        sheets.add(answer)
    sheets.close()
    assert [file.name for file in sheets.written] == ["sheet.png", "sheet-2.png", "sheet-3.png"]
    page = read_photo(scratch / "sheet.png")
    for number in (1, 31):
        top = contact_sheet.GAP + number // 8 * STEP
        left = contact_sheet.GAP + number % 8 * (contact_sheet.TILE + contact_sheet.GAP)
        tile = page[top : top + contact_sheet.TILE, left : left + contact_sheet.TILE]
        side = (contact_sheet.TILE, contact_sheet.TILE)
        crop = cv2.resize(answers[number].crop, side, interpolation=cv2.INTER_AREA)
        assert np.array_equal(tile, crop)


def test_captions_name_the_nearest_product_of_an_unknown():
    near = Candidate("água", 0.51234, "água/1.jpg")
    assert captions(Match(None, 0.9, (near,))) == ["unknown", "0.512 água"]
    assert captions(Match("água", 0.4, (near,))) == ["água", "0.512"]
    assert captions(Match(None, 0.9, ())) == ["unknown", "nothing is enrolled"]
    assert captions(None) == ["cannot be used"]


@pytest.mark.parametrize("name", ["sheet.gif", "none/sheet.png"])
def test_a_sheet_that_cannot_be_written_is_refused_before_the_work(scratch, capsys, name):
    with pytest.raises(SystemExit) as end:
        identify(scratch, "--sheet", scratch / name)
    captured = capsys.readouterr()
    assert end.value.code == 2 and captured.out == "" and "argument --sheet: expected a file" in captured.err


def test_hidden_files_and_linked_folders_are_left_out_and_order_is_by_name(tmp_path):
    for name in ("b/2.jpg", "b.jpg", "a.JPG", "c/1.webp", "b/.hid.jpg", ".git/x.jpg", "b/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [str(file.relative_to(tmp_path)) for file in finder.find([tmp_path])]
    assert found == ["a.JPG", "b/2.jpg", "b.jpg", "c/1.webp"]


@settings(max_examples=25)
@given(st.integers(130, 1300), st.integers(0, 99))
def test_a_jpeg_decoded_at_reduced_size_gives_nearly_the_same_crop(side, seed):
    rng = np.random.default_rng(seed)
    scene = cv2.resize(rng.integers(0, 256, (8, 8, 3), np.uint8), (side, side), interpolation=cv2.INTER_CUBIC)
    noisy = np.clip(scene + rng.normal(0, 2, scene.shape), 0, 255).astype(np.uint8)
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes())
        file.flush()
        reduced, whole = finder.crop(Path(file.name), 32), letterbox(read_photo(Path(file.name)), 32)
    difference = np.abs(reduced.astype(int) - whole)
    assert difference.mean() < 4 and difference.max() < 24, "a shift of more than a quarter of a pixel"
