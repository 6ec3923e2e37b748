import numpy as np
import pytest

from edge import cli
from edge.images.writer import write_picture
from edge.model.card import load_card
from edge.model.embedder import Embedder
from tests.tiny import TINY, colours


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos" / "cola").mkdir(parents=True)
    for name, seed in (("b.png", 1), ("cola/a.png", 2)):
        write_picture(tmp_path / "photos" / name, colours(seed))
    (tmp_path / "bottlebank.yaml").write_text(f"model: {{path: {TINY}}}\n")
    return tmp_path / "photos"


def embed(folder, output):
    return cli.main(["embed", str(folder), "-o", str(output), "--config", str(folder.parent / "bottlebank.yaml")])


def test_vectors_files_and_model_are_written(folder, tmp_path):
    assert embed(folder, tmp_path / "out.npz") == 0
    with np.load(tmp_path / "out.npz") as written:
        assert list(written["files"]) == ["b.png", "cola/a.png"]
        assert written["vectors"].dtype == np.float32
        expected = Embedder(TINY).embed([colours(1), colours(2)])
        assert np.allclose(written["vectors"], expected, atol=1e-5)
        assert str(written["model"]) == load_card(TINY).id


def test_a_bad_file_is_left_out_and_told(folder, tmp_path, capsys):
    (folder / "a.jpg").write_bytes(b"not a picture")
    assert embed(folder, tmp_path / "out.npz") == 1
    with np.load(tmp_path / "out.npz") as written:
        assert list(written["files"]) == ["b.png", "cola/a.png"] and written["vectors"].shape == (2, 8)
    assert str(folder / "a.jpg") in capsys.readouterr().err


def test_an_empty_folder_gives_no_rows_and_a_missing_one_an_error(tmp_path, folder, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".hidden.png").touch()
    options = ["-o", str(tmp_path / "out.npz"), "--config", str(tmp_path / "bottlebank.yaml")]
    assert cli.main(["embed", str(tmp_path / "empty"), *options]) == 0
    with np.load(tmp_path / "out.npz") as written:
        assert written["vectors"].shape == (0, 8) and written["files"].shape == (0,)
    assert cli.main(["embed", str(tmp_path / "none"), *options]) != 0
    assert "no such folder" in capsys.readouterr().err
