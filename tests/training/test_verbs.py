"""The command line of training, as far as it goes without training."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from edge.errors import BadModel
from training import recipe as recipes
from training.__main__ import main
from training.commands import train
from training.recipe import BackboneRecipe, DataRecipe, FitRecipe, Recipe


@pytest.mark.parametrize("arguments", [["train", "orignal"], ["export", "nowhere", "--out", "m"]])
def test_a_fault_is_one_line_and_no_traceback(arguments, capsys):
    assert main(arguments) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("error: ")
    assert len(printed.splitlines()) == 1


@pytest.mark.parametrize("verb", ["train", "export", "average", "draw", "evaluate", "report"])
def test_help_needs_none_of_the_training_libraries(verb):
    code = (
        "import sys; sys.modules.update(keras=None, tensorflow=None); "
        f"from training.__main__ import main; main(['{verb}', '--help'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--out" in done.stdout


def test_a_card_names_the_data_and_no_path_of_this_machine(tmp_path):
    recipe = Recipe(backbone=BackboneRecipe(weights="/home/me/weights/imagenet.h5"), data=DataRecipe(made_up=2))
    (tmp_path / "recipe.yaml").write_text(recipes.dump(recipe))
    (tmp_path / "classes.txt").write_text("cola\nwater\nmade-up 0\nmade-up 1\n")
    (tmp_path / train.DATA).write_text(yaml.safe_dump(train.data_of([Path("/home/me/shop")], [], ["milk"])))
    about = train._about(tmp_path)
    assert about["trained"] == ["cola", "water"]
    assert about["made-up products"] == 2
    assert about["data"] == {"photos": ["shop"], "unlabelled": [], "left out": ["milk"]}
    assert about["recipe"]["backbone"]["weights"] == "imagenet.h5"
    assert "/home" not in str(about)


def test_a_card_of_nothing_trained_names_no_products(tmp_path):
    recipe = Recipe(fit=FitRecipe(stages={}), data=DataRecipe(made_up=2))
    (tmp_path / "recipe.yaml").write_text(recipes.dump(recipe))
    (tmp_path / "classes.txt").write_text("cola\nwater\nmade-up 0\nmade-up 1\n")
    (tmp_path / train.DATA).write_text("{}")
    about = train._about(tmp_path)
    assert (about["trained"], about["made-up products"]) == ([], 0)


def test_a_fold_is_trained_by_the_same_command(monkeypatch, tmp_path):
    ran = []

    def popen(code):
        def start(command):
            ran.append(command)
            return subprocess.Popen([sys.executable, "-c", code])

        return type("Subprocess", (), {"Popen": staticmethod(start)})

    monkeypatch.setattr(train, "subprocess", popen("pass"))
    assert train.train_fold("default", [Path("shop")], tmp_path, ["milk", "water"], [Path("cans")])
    assert ran[0][1:4] == ["-m", "training", "train"]
    assert ran[0][ran[0].index("--leave-out") + 1] == "milk,water"
    assert ran[0][ran[0].index("--unlabelled") + 1] == "cans"
    assert ran[0][ran[0].index("--out") + 1] == str(tmp_path / "model.tflite")
    monkeypatch.setattr(train, "subprocess", popen("raise SystemExit(3)"))
    with pytest.raises(BadModel, match="exit code 3"):
        train.train_fold("default", [Path("shop")], tmp_path, [])


def test_asked_to_stop_a_fold_stops_its_training_where_it_can_go_on(monkeypatch, tmp_path):
    asks_until_told = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
while True:
    os.kill(os.getppid(), signal.SIGTERM)
    time.sleep(0.02)
"""
    start = subprocess.Popen
    monkeypatch.setattr(train.subprocess, "Popen", lambda command: start([sys.executable, "-c", asks_until_told]))
    mine = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        assert train.train_fold("default", [Path("shop")], tmp_path, []) is False
    finally:
        signal.signal(signal.SIGTERM, mine)
