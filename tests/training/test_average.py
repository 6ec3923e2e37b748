import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import recipe as recipes
from training.__main__ import main
from training.model import average
from training.provenance import about, data_of, write_data
from training.recipe import DataRecipe, FitRecipe, Recipe
from training.run_folder import CLASSES, CROPS, EXTRACTOR, RECIPE


def write_run(folder, recipe, products, photos, left_out):
    """A finished run, as far as it can be without training."""
    folder.mkdir()
    (folder / RECIPE).write_text(recipes.dump(recipe))
    (folder / CLASSES).write_text("".join(f"{name}\n" for name in [*products, "made-up 0", "made-up 1"]))
    write_data(folder, data_of(photos, [], left_out))
    np.savez(folder / CROPS, golden=np.zeros((1, 2, 2, 3), np.uint8))
    (folder / EXTRACTOR).touch()
    return folder


@pytest.fixture
def runs(tmp_path):
    recipe = Recipe(data=DataRecipe(made_up=2))
    other_seed = Recipe(data=DataRecipe(made_up=2), fit=FitRecipe(seed=1))
    return [
        write_run(tmp_path / "a", recipe, ["cola", "water"], [tmp_path / "shop"], ["honey", "milk"]),
        write_run(tmp_path / "b", other_seed, ["beer", "cola"], [tmp_path / "shop", tmp_path / "bar"], ["milk"]),
    ]


@given(st.lists(st.floats(-1000, 1000, width=32), min_size=1, max_size=9))
def test_the_mean_of_each_array_keeps_its_shape_and_type(values):
    runs = [[np.full((2, 3), value, np.float32), np.float32([value, -value])] for value in values]
    first, second = average.mean(runs)
    assert (first.shape, first.dtype, second.shape) == ((2, 3), np.float32, (2,))
    np.testing.assert_allclose(first, np.mean(values), rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(second, [np.mean(values), -np.mean(values)], rtol=1e-4, atol=1e-3)


def test_an_average_was_trained_on_all_that_any_run_saw(runs):
    assert average.classes(runs) == ["beer", "cola", "water", "made-up 0", "made-up 1"]
    assert average.data(runs) == {
        "photos": ["shop", "bar"],
        "unlabelled": [],
        "left out": ["milk"],
        "runs averaged": 2,
    }


def test_runs_that_differ_in_more_than_the_seed_are_refused(runs, tmp_path, capsys):
    average.check_runs(runs)
    third = write_run(tmp_path / "c", Recipe(fit=FitRecipe(epochs=7), data=DataRecipe(made_up=2)), ["cola"], [], [])
    assert main(["average", *map(str, [*runs, third]), "--out", str(tmp_path / "out")]) == 1
    assert f"{third}: its recipe differs from that of {runs[0]}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_unfinished_run_is_reported(runs, tmp_path, capsys):
    (runs[1] / EXTRACTOR).unlink()
    assert main(["average", *map(str, runs), "--out", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr().err
    assert "not finished" in printed
    assert len(printed.splitlines()) == 1


def test_two_extractors_become_one_that_can_be_exported(runs, tmp_path, capsys):
    import keras

    from training.model.network import extractor

    keras.utils.set_random_seed(3)
    models = [extractor("mobilenet_v2", 32, None, 0.35) for _ in runs]
    for run, model in zip(runs, models, strict=True):
        model.save(run / EXTRACTOR)
    assert main(["average", *map(str, runs), "--out", str(tmp_path / "out")]) == 0
    assert "the average of 2 runs" in capsys.readouterr().out
    averaged = keras.saving.load_model(tmp_path / "out" / EXTRACTOR)
    expected = average.mean([model.get_weights() for model in models])
    for got, wanted in zip(averaged.get_weights(), expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-6)
    assert about(tmp_path / "out")["data"]["runs averaged"] == 2
