"""Photos that a file names products for, in one folder per product."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from edge.images.reader import read_photo
from edge.images.writer import write_picture
from training.__main__ import main
from training.data.arrange import LABELS, cut


def board(height: int = 128, width: int = 96) -> np.ndarray:
    return np.full((height, width, 3), 200, np.uint8)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos" / "cans"
    folder.mkdir(parents=True)
    for number in range(8):
        image = board()
        image[60:90, 20:40] = (30, 10 * number, 90)
        write_picture(folder / f"can{number}.jpg", image)
    return folder.parent


def arrange(tmp_path: Path, photos: Path, labels: object) -> int:
    file = tmp_path / "labels.yaml"
    file.write_text(yaml.safe_dump(labels))
    return main(["arrange", str(file), "--photos", str(photos), "--out", str(tmp_path / "out")])


def test_one_folder_per_product_those_of_few_photos_apart(tmp_path, photos, capsys):
    names = [f"can{number}" for number in range(8)]
    assert arrange(tmp_path, photos, {"cans": {"cola": names[:6], "fanta": names[6:]}}) == 0
    assert sorted(path.name for path in (tmp_path / "out" / "many" / "cola").iterdir()) == [
        f"{n}.jpg" for n in names[:6]
    ]
    assert len(list((tmp_path / "out" / "few" / "fanta").iterdir())) == 2
    assert "1 products of 6 photos or more, 1 of fewer" in capsys.readouterr().out


def test_squeezed_photos_get_their_shape_back_and_only_the_object_stays(tmp_path, photos):
    assert arrange(tmp_path, photos, {"aspect": 4 / 3, "cans": {"cola": ["can0"]}}) == 0
    height, width = read_photo(tmp_path / "out" / "few" / "cola" / "can0.jpg").shape[:2]
    # 20 x 30 of a board of 96 x 128 is 27 x 22 of one of 128 x 96, and a margin of two on every side
    assert abs(width - 31) <= 2 and abs(height - 26) <= 2


def test_what_stands_on_no_even_light_board_stays_whole():
    noise = np.random.default_rng(0).integers(0, 60, (40, 50, 3)).astype(np.uint8)
    assert cut(noise).shape == noise.shape
    assert cut(board()).shape == board().shape


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ([1], "expected folders"),
        ({"cans": ["can0"]}, "cans: expected `product: [file names]`"),
        ({"cans": {"cola": "can0"}}, "cans: expected `product: [file names]`"),
        ({"cans": {"cola": ["none"]}}, "none.jpg"),
    ],
)
def test_faults_are_reported(tmp_path, photos, capsys, labels, says):
    assert arrange(tmp_path, photos, labels) == 1
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("path", sorted(LABELS.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_labels_name_each_photo_once(path):
    labels = yaml.safe_load(path.read_text())
    labels.pop("aspect", None)
    products = [name for folder in labels.values() for name in folder]
    assert len(products) == len(set(products))
    for folder in labels.values():
        names = [name for product in folder.values() for name in product]
        assert len(names) == len(set(names))
        assert all(len(product) >= 2 for product in folder.values())


def test_photos_that_the_labels_do_not_name_are_kept_apart_cut_and_whole(tmp_path, photos, capsys):
    assert arrange(tmp_path, photos, {"cans": {"cola": [f"can{number}" for number in range(7)]}}) == 0
    unnamed = tmp_path / "out" / "unnamed" / "cans"
    assert sorted(path.name for path in unnamed.iterdir()) == ["can7-whole.jpg", "can7.jpg"]
    whole, object_alone = read_photo(unnamed / "can7-whole.jpg"), read_photo(unnamed / "can7.jpg")
    assert whole.shape == (128, 96, 3) and object_alone.shape[0] < 60
    assert "1 photos of no product" in capsys.readouterr().out
