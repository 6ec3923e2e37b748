"""The command line of training, as far as it goes without training."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from edge.errors import BadModel
from training import recipe as recipes
from training.__main__ import main
from training.commands import draw
from training.process import run_training, training_command
from training.provenance import about, data_of, write_data
from training.recipe import BackboneRecipe, DataRecipe, FitRecipe, Recipe
from training.run_folder import CLASSES, RECIPE


@pytest.mark.parametrize("arguments", [["train", "orignal"], ["export", "nowhere", "--out", "m"]])
def test_a_fault_is_one_line_and_no_traceback(arguments, capsys):
    assert main(arguments) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("error: ")
    assert len(printed.splitlines()) == 1


def test_ctrl_c_is_no_traceback(monkeypatch, tmp_path, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(draw, "write_set", interrupted)
    assert main(["draw", "--out", str(tmp_path)]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", ["train", "export", "average", "draw", "arrange", "evaluate", "report"])
def test_help_needs_none_of_the_training_libraries(command):
    done = without_keras(command, "--help")
    assert done.returncode == 0, done.stderr
    assert "--out" in done.stdout


def without_keras(*arguments):
    code = (
        "import sys; sys.modules.update(keras=None, tensorflow=None); "
        f"from training.__main__ import main; sys.exit(main({list(map(str, arguments))}))"
    )
    return subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True)


def test_without_the_training_extra_it_says_what_to_install(tmp_path):
    done = without_keras("train", "smoke", "--run", tmp_path)
    assert done.returncode == 1
    assert done.stderr == "error: keras is not installed; `pip install '.[training]'` installs what training needs\n"


def test_a_card_names_the_data_and_no_path_of_this_machine(tmp_path):
    recipe = Recipe(backbone=BackboneRecipe(weights="/home/me/weights/imagenet.h5"), data=DataRecipe(made_up=2))
    (tmp_path / RECIPE).write_text(recipes.dump(recipe))
    (tmp_path / CLASSES).write_text("cola\nwater\nmade-up 0\nmade-up 1\n")
    write_data(tmp_path, data_of([Path("/home/me/shop")], [], ["milk"]))
    card = about(tmp_path)
    assert card["trained"] == ["cola", "water"]
    assert card["made-up products"] == 2
    assert card["data"] == {"photos": ["shop"], "unlabelled": [], "left out": ["milk"]}
    assert card["recipe"]["backbone"]["weights"] == "imagenet.h5"
    assert "/home" not in str(card)


def test_a_card_of_nothing_trained_names_no_products(tmp_path):
    recipe = Recipe(fit=FitRecipe(stages={}), data=DataRecipe(made_up=2))
    (tmp_path / RECIPE).write_text(recipes.dump(recipe))
    (tmp_path / CLASSES).write_text("cola\nwater\nmade-up 0\nmade-up 1\n")
    write_data(tmp_path, {})
    card = about(tmp_path)
    assert (card["trained"], card["made-up products"]) == ([], 0)


def test_a_fold_is_trained_by_the_same_command(tmp_path):
    command = training_command("default", [Path("shop")], tmp_path, ["milk", "water"], [Path("cans")])
    assert command[1:4] == ["-m", "training", "train"]
    assert command[command.index("--leave-out") + 1] == "milk,water"
    assert command[command.index("--unlabelled") + 1] == "cans"
    assert command[command.index("--out") + 1] == str(tmp_path / "model.tflite")


def test_a_training_that_fails_is_an_error():
    assert run_training([sys.executable, "-c", "pass"])
    with pytest.raises(BadModel, match="exit code 3"):
        run_training([sys.executable, "-c", "raise SystemExit(3)"])


def test_asked_to_stop_a_training_is_stopped_where_it_can_be_continued():
    stops_its_parent = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
while True:
    os.kill(os.getppid(), signal.SIGTERM)
    time.sleep(0.02)
"""
    mine = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        assert run_training([sys.executable, "-c", stops_its_parent]) is False
    finally:
        signal.signal(signal.SIGTERM, mine)
