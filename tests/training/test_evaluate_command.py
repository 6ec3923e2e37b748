"""`python -m training evaluate` over drawn sets and the tiny model of the fixtures."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from edge.images.writer import write_picture
from edge.model.card import load_card
from edge.model.cohort import Cohort, Weights, save_cohort
from edge.model.embedder import Embedder
from tests.tiny import TINY, colours
from training.__main__ import main
from training.evaluation.figures import FIGURES

PRODUCTS = ("cola", "fanta", "sprite", "water")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The tiny model, its card saying that it was trained on two products."""
    for suffix in (".tflite", ".yaml"):
        shutil.copy(TINY.with_suffix(suffix), tmp_path / f"tiny{suffix}")
    set_about(tmp_path / "tiny.tflite", {"trained": ["cola", "water"]})
    return tmp_path / "tiny.tflite"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return draw(tmp_path / "shop", split=True)


def set_about(model: Path, about) -> None:
    card = yaml.safe_load(model.with_suffix(".yaml").read_text())
    model.with_suffix(".yaml").write_text(yaml.safe_dump(card | {"about": about}))


def draw(folder: Path, split: bool, seed: int = 0) -> Path:
    """Photos of four products, noisy enough for mistakes, and of five non-products."""
    for product, name in enumerate(PRODUCTS):
        for number in range(10):
            part = ("test" if number >= 5 else "train") if split else ""
            write(folder / part / name / f"{number}.png", colours(10 * seed + product + 1, noise=60 + 20 * number))
    for number in range(5):
        write(folder / "not-a-product" / f"{number}.png", colours(100 + number))
    return folder


def write(path: Path, picture) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_picture(path, picture)


def evaluate(model: Path, *arguments) -> int:
    return main(["evaluate", str(model), "--out", str(model.parent / "out"), *map(str, arguments)])


def test_the_report_holds_every_group_and_needs_no_other_file(model, photos, tmp_path, capsys):
    other = draw(tmp_path / "home", split=False, seed=1)
    for path in sorted(other.iterdir()):
        path.rename(path.with_name(path.name if path.name == "not-a-product" else f"new {path.name}"))
    assert evaluate(model, "--photos", photos, "--photos", other) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in FIGURES)
    assert "the card has no figures yet" in printed

    sets = {each["set"]: each["groups"] for each in json.loads((tmp_path / "out" / "report.json").read_text())["sets"]}
    assert {name: list(groups) for name, groups in sets.items()} == {
        "shop": ["trained", "never-trained", "never-trained-alone", "both"],
        "home": ["never-trained"],
        "all sets": ["trained", "never-trained", "never-trained-alone", "both"],
    }
    assert sets["shop"]["trained"]["products"] == ["cola", "water"]
    assert len(sets["all sets"]["never-trained"]["products"]) == 6
    assert sets["shop"]["both"]["probes"] == 4 * 5 * 5
    assert set(sets["shop"]["both"]["figures"]["accuracy"]) == {"value", "low", "high"}
    assert [p["far"] for p in sets["shop"]["both"]["operating_points"]] == [0.1, 0.05, 0.01, 0.005, 0.001]

    page = (tmp_path / "out" / "report.html").read_text()
    assert_well_formed(page)
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert page.count("data:image/png") == 3 * 2 + 9 * 3
    assert page.count("data:image/jpeg") >= 9 * 3


def test_figures_written_to_the_card_are_reproduced(model, photos, capsys):
    assert evaluate(model, "--photos", photos, "--far", 0.2, "--write-card") == 0
    card = load_card(model)
    assert card.about["trained"] == ["cola", "water"]
    assert card.threshold == next(point.threshold for point in card.operating_points if point.far == 0.2)
    capsys.readouterr()
    assert evaluate(model, "--photos", photos) == 0
    assert re.search(r"reproduced: \d\d figures are the card's, within 0.005", capsys.readouterr().out)


@pytest.mark.parametrize(
    "faulty, message",
    [
        (["--far", "1"], "--far: expected a rate between 0 and 1, got 1.0"),
        (["--photos", "elsewhere/shop"], "expected different names, got shop, shop"),
        (["--photos", "nowhere"], "nowhere: no photos found"),
    ],
)
def test_faults_are_one_line(model, photos, faulty, message, capsys):
    assert evaluate(model, "--photos", photos, *faulty) == 1
    printed = capsys.readouterr().err.splitlines()[-1]
    assert printed.startswith("error: ")
    assert message in printed


def assert_well_formed(page: str) -> None:
    """Every element that is opened is closed, in the right order."""
    opened: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag not in ("meta", "img", "br"):
                opened.append(tag)

        def handle_endtag(self, tag):
            assert opened.pop() == tag

    checker = Checker()
    checker.feed(page)
    checker.close()
    assert opened == []


def test_what_a_user_gets_is_printed_where_the_model_has_a_cohort(model, tmp_path, capsys):
    card, others = load_card(model), Embedder(model).embed([colours(seed) for seed in range(100, 150)])
    save_cohort(model, card.id, Cohort(others, Weights(-8.0, 12.0, 6.0, -4.0, 0.5)))
    set_about(model, {"trained": []})
    assert (
        main(["evaluate", str(model), "--photos", str(draw(tmp_path / "new", split=True)), "--out", str(tmp_path)]) == 0
    )
    printed = capsys.readouterr().out
    assert "at the installed decision, products never trained on:" in printed and "look-alikes" in printed
    (report,) = json.loads((tmp_path / "report.json").read_text())["sets"]
    assert sorted(report["decided"]) == ["1", "2", "4", "8"] and 0 <= report["decided"]["4"]["right"] <= 1
