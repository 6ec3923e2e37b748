from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.errors import BadPhoto
from edge.images.writer import encode
from edge.types import Image, Vectors
from tests.training.photo_sets import COLOURS, mean_colour, write_set
from training.data.photos import find_photos
from training.evaluation.embedded import EmbeddedSet, embed_photos


def test_a_split_set_enrolls_from_train_and_probes_test(tmp_path: Path) -> None:
    photos = find_photos(write_set(tmp_path, split=True))
    assert {(p.role, p.path.relative_to(tmp_path).parts[0]) for p in photos} == {
        ("enroll", "train"),
        ("probe", "test"),
        ("non-product", "not-a-product"),
    }
    assert {p.product for p in photos if p.role != "non-product"} == set(COLOURS)


def test_a_plain_set_may_enroll_any_photo(tmp_path: Path) -> None:
    photos = find_photos(write_set(tmp_path, split=False))
    assert len(photos) == 24 and {p.role for p in photos} == {"any"}


def test_photos_numbered_twice_share_the_scene_of_the_first_number(tmp_path: Path) -> None:
    names = ["shelf_3_0.png", "shelf_3_8.png", "shelf_13_8.png", "IMG_5306.png", "IMG_5307.png"]
    folder = write_set(tmp_path, split=False, photos=1) / "cola"
    for name in names:
        (folder / name).write_bytes((folder / "photo0.png").read_bytes())
    scenes = {p.path.name: p.scene for p in find_photos(tmp_path)}
    assert scenes["shelf_3_0.png"] == scenes["shelf_3_8.png"]
    assert len({scenes[name] for name in names}) == 4


def test_hidden_and_other_files_are_no_photos(tmp_path: Path) -> None:
    folder = write_set(tmp_path, split=False) / "cola"
    for name in (".photo.png", "notes.txt"):
        (folder / name).write_text("no picture")
    assert len(find_photos(tmp_path)) == 24


def test_a_folder_without_products_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPhoto, match="no photos found; expected <product>"):
        find_photos(tmp_path)


def test_photos_are_read_as_rgb(tmp_path: Path) -> None:
    embedded = embed_photos(mean_colour, find_photos(write_set(tmp_path, split=False)))
    red, green, blue = embedded.vectors[0]
    assert embedded.photos[0].product == "cola" and red > 3 * max(green, blue)


def test_photos_are_read_as_the_pi_reads_them(tmp_path: Path) -> None:
    """A JPEG that is cut off is refused, and transparent parts are black."""
    folder = write_set(tmp_path, split=False) / "cola"
    red = np.zeros((64, 64, 4), np.uint8)
    red[:32] = (0, 0, 255, 255)
    (folder / "photo0.png").write_bytes(cv2.imencode(".png", red)[1].tobytes())
    seen: list[Image] = []

    def embed(crops: Sequence[Image]) -> Vectors:
        seen.extend(crops)
        return mean_colour(crops)

    photos = find_photos(tmp_path)
    embed_photos(embed, photos, size=16)
    assert not seen[0][32:].any() and (seen[0][:32] == (255, 0, 0)).all()
    content = encode(np.full((64, 64, 3), 200, np.uint8), ".jpg")
    (folder / "photo9.jpg").write_bytes(content[: len(content) // 2])
    with pytest.raises(BadPhoto, match="photo9.jpg: the file is cut off"):
        embed_photos(embed, find_photos(tmp_path), size=16)


def test_an_embedded_set_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    photos = find_photos(write_set(tmp_path / "photos", split=True))
    for left_out in (None, (), ("cola", "water")):
        embedded = embed_photos(mean_colour, photos, left_out, "mean colour", batch=7)
        embedded.save(tmp_path / "run" / "vectors.npz")
        again = EmbeddedSet.load(tmp_path / "run" / "vectors.npz")
        assert (again.photos, again.left_out, again.model) == (embedded.photos, left_out, "mean colour")
        assert np.array_equal(again.vectors, embedded.vectors) and again.vectors.dtype == np.float32


def test_trained_and_never_trained_products_share_out_the_set(tmp_path: Path) -> None:
    photos = find_photos(write_set(tmp_path, split=False))
    untrained, trained, mixed = (embed_photos(mean_colour, photos, out) for out in (None, (), ("cola", "elsewhere")))
    assert untrained.never_trained == trained.trained == sorted(COLOURS)
    assert untrained.trained == trained.never_trained == []
    assert mixed.never_trained == ["cola"] and mixed.trained == ["fanta", "sprite", "water"]


def test_vectors_that_do_not_fit_the_photos_are_refused(tmp_path: Path) -> None:
    photos = find_photos(write_set(tmp_path, split=False))
    with pytest.raises(ValueError, match=r"expected \(24, D\) vectors, got \(1, 3\)"):
        EmbeddedSet(tuple(photos), np.ones((1, 3), np.float32))
