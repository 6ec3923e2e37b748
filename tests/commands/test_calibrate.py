import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from edge import cli, exit_codes
from edge.images.reader import read_photo
from edge.images.writer import write_picture
from edge.model.card import load_card
from edge.model.cohort import Cohort, Weights, save_cohort
from edge.model.embedder import Embedder
from tests.tiny import TINY, colours


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three products of four photos, the tiny model with a cohort, and a configuration that names both."""
    for name in ("tiny.tflite", "tiny.yaml"):
        shutil.copy(TINY.with_name(name), tmp_path / name)
    model = tmp_path / "tiny.tflite"
    others = Embedder(model).embed([colours(seed) for seed in range(100, 160)])
    save_cohort(model, load_card(model).id, Cohort(others, Weights(-8.0, 12.0, 6.0, -4.0, 0.5)))
    (tmp_path / "b.yaml").write_text("model: {path: tiny.tflite}\nmatch: {products: {cocoa: 0.9}}\n")
    for seed, product in enumerate(("cola", "water", "juice")):
        (tmp_path / "enroll" / product).mkdir(parents=True)
        for photo in range(4):
            write_picture(tmp_path / "enroll" / product / f"{photo}.png", colours(seed, noise=10 + photo))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> int:
    return cli.main(["calibrate", "--config", "b.yaml", "--enroll", "enroll", "--state", "state", *words])


def test_it_says_what_to_expect(
    shop: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert run("--plot", "plot.png") == exit_codes.OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("  ")[0] == "false accepts" and len([line for line in lines if "%" in line]) >= 7
    assert "  <- installed" in next(line for line in lines if line.startswith("         1 %"))
    assert "of 100 placements of your products about 100 are named, 0 wrongly; of 100 other things" in "\n".join(lines)
    assert "every photo is nearest to its own product" in lines
    assert "match.products: cocoa is not enrolled" in caplog.text
    plot = read_photo(shop / "plot.png")
    assert plot.ndim == 3 and len(np.unique(plot.reshape(-1, 3), axis=0)) > 20


def test_json_has_the_same(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_picture(shop / "enroll" / "cola2.png", colours(1, noise=40))  # a photo of water under another name
    (shop / "enroll" / "tea").mkdir()
    write_picture(shop / "enroll" / "tea" / "1.png", colours(9))
    assert run("--json") == exit_codes.OK
    said = json.loads(capsys.readouterr().out)
    assert [row["false_accepts"] for row in said["table"]] == [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1]
    assert said["installed"]["false_accepts"] == 0.01 and said["installed"]["right"]["trials"] == 13
    assert said["installed"]["products"]["tea"]["value"] is None
    assert said["not_told_apart"][0] == {"product": "cola", "other": "water", "photos": 1, "trials": 5}
    assert run() == exit_codes.OK
    text = capsys.readouterr().out
    assert "cola is not told apart from water: 1 of 5 photos nearer to it" in text
    assert "1 product with one photo: not estimated; three more would tell" in text


def test_an_empty_bank_and_a_model_without_a_cohort(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(shop / "enroll")
    (shop / "enroll").mkdir()
    assert run() == exit_codes.OK and capsys.readouterr().out == "nothing is enrolled\n"
    (shop / "tiny.cohort.npz").unlink()
    assert run() != exit_codes.OK
    assert "it has no cohort; expected tiny.cohort.npz beside it" in capsys.readouterr().err
