"""One file says everything; its faults are reported with their lines, all at once."""

from dataclasses import replace

import pytest

from edge.errors import BadConfig
from training import recipe
from training.recipe import FOLDER, Recipe


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_recipe_that_ships_is_valid_and_survives_being_kept_with_its_run(path, tmp_path):
    loaded = recipe.load_recipe(path.stem)
    (tmp_path / "recipe.yaml").write_text(recipe.dump(loaded))
    assert recipe.load_recipe(tmp_path / "recipe.yaml") == loaded


def test_every_key_is_kept(tmp_path):
    fit = replace(Recipe().fit, stages={"block_13": 0.5, "head": 0.25}, blend=0.6, seed=7, precision="float32")
    head = replace(Recipe().head, easy_margin=True, kind="softmax")
    changed = replace(Recipe(), fit=fit, head=head, backbone=replace(Recipe().backbone, alpha=0.35, size=96))
    (tmp_path / "r.yaml").write_text(recipe.dump(changed))
    kept = recipe.load_recipe(tmp_path / "r.yaml")
    assert kept == changed
    assert list(kept.fit.stages) == ["block_13", "head"], "in the order they are trained in"


def test_all_faults_at_once(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text("head: {margin: wide, easy_margin: 1}\nfit:\n  epochs: 0\n  stages: {stem: 3}\nbackbon: {}\n")
    with pytest.raises(BadConfig) as caught:
        recipe.load_recipe(path)
    lines = str(caught.value).splitlines()
    assert [line.removeprefix(f"{path}:").split(":")[0] for line in lines] == ["1", "1", "3", "4", "5"]
    for line, named in zip(lines, ("margin", "easy_margin", "epochs", "stages.stem", "backbone"), strict=True):
        assert named in line


def test_a_name_that_is_no_recipe_names_those_that_are():
    with pytest.raises(BadConfig, match="arcface, default, further, imagenet, made-up, original, smoke, softmax"):
        recipe.load_recipe("orignal")


def test_the_rows_of_the_comparison_differ_in_what_they_compare():
    names = ("default", "made-up", "arcface", "softmax")
    default, made_up, arcface, softmax = (recipe.load_recipe(name) for name in names)
    assert arcface.head.kind == "arcface" and not arcface.data.made_up
    assert list(default.fit.stages)[-1] == "stem"
    assert replace(made_up, fit=replace(made_up.fit, stages=default.fit.stages)) == default
    drawn = {"made_up": default.data.made_up, "made_up_views": default.data.made_up_views}
    assert replace(arcface, data=replace(arcface.data, **drawn)) == made_up
    assert replace(softmax, head=arcface.head) == arcface
    assert softmax.head.kind == "softmax"
    assert not recipe.load_recipe("imagenet").uses_photos and default.uses_photos
