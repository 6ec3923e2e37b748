"""`python -m training report`: what is trained, what is kept, and the tables; every training gives the tiny model."""

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
import yaml

from edge.model.card import model_id
from tests.tiny import TINY
from tests.training.test_evaluate_command import PRODUCTS, assert_well_formed, draw
from training import recipe
from training.__main__ import main
from training.evaluation import comparison, crossvalidate, page
from training.evaluation.crossvalidate import Study, load_vectors, plan
from training.process import STOPPED
from training.provenance import data_of, write_data
from training.run_folder import RECIPE


@pytest.fixture
def sets(tmp_path: Path) -> tuple[Path, Path]:
    """One to cross-validate on, one that is never trained on."""
    return draw(tmp_path / "shop", split=True), draw(tmp_path / "home", split=False, seed=1)


@pytest.fixture
def rows(tmp_path: Path) -> str:
    """A row that trains on photos, and one that does not."""
    trained, drawn = tmp_path / "trained.yaml", tmp_path / "drawn.yaml"
    trained.write_text("data: {made_up: 0}\n")
    drawn.write_text("fit: {distill: 1}\ndata: {made_up: 10, photo_views: 0}\n")
    return f"{trained},{drawn}"


@pytest.fixture
def trainings(monkeypatch) -> list:
    """What was trained: (recipe, photos, left out, unlabelled); each gives the tiny model."""
    done: list = []

    def training_command(source, photos, folder, left_out, unlabelled):
        done.append((Path(source).stem, [p.name for p in photos], list(left_out), [p.name for p in unlabelled]))
        folder.mkdir(parents=True)
        for suffix in (".tflite", ".yaml"):
            shutil.copy(TINY.with_suffix(suffix), folder / f"model{suffix}")
        (folder / RECIPE).write_text(recipe.dump(recipe.load_recipe(source)))
        write_data(folder, data_of(photos, unlabelled, left_out))
        return ["true"]

    monkeypatch.setattr(crossvalidate, "training_command", training_command)
    return done


@pytest.fixture
def undrawn(monkeypatch):
    """Plots and narrow intervals are for other tests."""
    monkeypatch.setattr(page, "comparison", lambda *_: "")
    monkeypatch.setattr(comparison, "result", partial(comparison.result, rounds=20))


@pytest.fixture
def report(tmp_path: Path, sets, rows):
    def run(*arguments: str, rows: str = rows) -> int:
        shop, home = map(str, sets)
        folders = ["--runs", str(tmp_path / "runs"), "--out", str(tmp_path / "out"), "--unlabelled", "cans"]
        return main(["report", "--photos", shop, "--unseen", home, "--rows", rows, "--k", "2", *folders, *arguments])

    return run


def test_every_row_is_trained_without_its_left_out_products_and_compared(report, trainings, tmp_path, capsys):
    assert report() == 0
    (first, second), drawn = [training[2] for training in trainings[:2]], trainings[2]
    assert sorted(first + second) == sorted(PRODUCTS)
    assert [training[:2] for training in trainings[:2]] == [("trained", ["shop"])] * 2
    assert drawn == ("drawn", [], [], ["cans"])

    printed = capsys.readouterr().out
    groups = ("trained", "never-trained", "never-trained-alone", "both")
    assert [line for line in printed.splitlines() if line.startswith("**")] == [
        *(f"**shop: {group}**" for group in groups),
        "**home: never-trained**",
    ]
    tables = printed.split("**shop: never-trained**")[1]
    assert tables.index("| trained | ") < tables.index("| drawn | ")

    plain = json.loads((tmp_path / "out" / "report.json").read_text())
    by_row = {row["row"]: {each["set"]: each["groups"] for each in row["sets"]} for row in plain["rows"]}
    probed = {name: by_row[name]["shop"]["never-trained"] for name in by_row}
    assert probed["trained"]["products"] == sorted(PRODUCTS), "each is never-trained once"
    assert probed["trained"]["figures"] == probed["drawn"]["figures"], "the same model, the same probes"
    assert (
        by_row["trained"]["home"]["never-trained"]["probes"] == 2 * by_row["drawn"]["home"]["never-trained"]["probes"]
    )
    page = (tmp_path / "out" / "report.html").read_text()
    assert_well_formed(page)
    assert 'src="data:image' in page and 'src="/' not in page


def test_what_is_there_is_not_trained_or_embedded_again(report, trainings, undrawn, tmp_path, monkeypatch):
    assert report("--folds", "1") == 0
    assert [len(training[2]) for training in trainings] == [2], "one fold of the first row; the other row has no fold 1"
    assert '"done": 1' in (tmp_path / "out" / "report.json").read_text()
    assert report() == 0
    assert len(trainings) == 3
    for model in (tmp_path / "runs").rglob("model.*"):
        model.unlink()
    monkeypatch.setattr(crossvalidate, "Embedder", None)
    assert report() == report("--folds", "none") == 0
    assert len(trainings) == 3, "the vectors are enough"
    assert '"done": 2' in (tmp_path / "out" / "report.json").read_text()


def test_a_part_is_called_a_part(report, trainings, undrawn, capsys):
    report("--folds", "0")
    assert "| trained (1 of 2 folds) | " in capsys.readouterr().out


def test_vectors_of_other_photos_or_of_another_model_do_not_count(sets, rows, trainings, tmp_path):
    shop, home = sets
    study = Study((shop,), (), (home,), (), tmp_path / "runs", 2)
    row = plan(rows.split(",")[0], study)
    crossvalidate.train(row, row.folds[0], study)
    crossvalidate.embed(row.folds[0], study)
    first = load_vectors(row.folds[0], shop)
    assert first is not None
    assert set(first.never_trained) == set(row.folds[0].left_out)
    card = row.folds[0].folder / "model.yaml"
    card.with_suffix(".tflite").write_bytes(b"retrained")
    card.write_text(yaml.safe_dump(yaml.safe_load(card.read_text()) | {"id": model_id(card.with_suffix(".tflite"))}))
    assert load_vectors(row.folds[0], shop) is None
    card.with_suffix(".tflite").unlink()
    assert load_vectors(row.folds[0], shop) is not None
    (shop / "test" / "cola" / "9.png").unlink()
    assert load_vectors(row.folds[0], shop) is None


def test_a_folder_of_another_recipe_or_of_other_folds_is_refused(report, rows, trainings, undrawn, capsys):
    report()
    trained = Path(rows.split(",")[0])
    for change in ("data: {made_up: 0, photo_views: 2}\n", "data: {made_up: 0}\nfit: {seed: 1}\n"):
        trained.write_text(change)
        assert report(rows=str(trained)) == 1
        assert "holds a run of another recipe or on other data" in capsys.readouterr().err


def test_an_interrupted_training_ends_the_report_able_to_go_on(report, monkeypatch, capsys):
    monkeypatch.setattr(crossvalidate, "training_command", lambda *_: ["sh", "-c", f"exit {STOPPED}"])
    assert report() == STOPPED
    assert "the same command continues" in capsys.readouterr().out


@pytest.mark.parametrize(
    "faulty, message",
    [
        (["--folds", "2"], "--folds: expected numbers from 0 to 1 with commas, or none, got 2"),
        (["--folds", "none"], "no fold is finished"),
        (["--k", "3"], "3 folds of 4 products; expected 2 to 2"),
    ],
)
def test_faults_are_one_line(report, trainings, faulty, message, capsys):
    assert report(*faulty) == 1
    printed = capsys.readouterr().err.splitlines()
    assert len(printed) == 1
    assert message in printed[0]
