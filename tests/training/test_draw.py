"""The command that writes a set of made-up photos."""

from training.__main__ import main
from training.data.photos import find_photos


def test_it_writes_a_set_that_can_be_evaluated_the_same_each_time(tmp_path):
    for name, more in (("one", []), ("same", []), ("other", ["--seed", "1"]), ("held-out", ["--held-out"])):
        assert main(["draw", "--out", str(tmp_path / name), "--products", "3", "--views", "2", *more]) == 0
    sets = {folder.name: sorted(folder.rglob("*.jpg")) for folder in tmp_path.iterdir()}
    photos = find_photos(tmp_path / "one")
    assert len({photo.product for photo in photos}) == 3
    assert len({(photo.product, photo.scene) for photo in photos}) == 6
    content = {name: [path.read_bytes() for path in paths] for name, paths in sets.items()}
    assert content["one"] == content["same"]
    assert len({*content["one"], *content["other"], *content["held-out"]}) == 18
