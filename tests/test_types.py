import numpy as np
import pytest

from edge.types import Candidate, Frame, Gallery, Match


def test_a_frame_names_the_shape_it_was_given() -> None:
    with pytest.raises(ValueError, match=r"image: expected .* got \(4, 4\)"):
        Frame(np.zeros((4, 4), np.uint8), 0, 0.0)
    with pytest.raises(ValueError, match="small: expected"):
        Frame(np.zeros((4, 4, 3), np.uint8), 0, 0.0, np.zeros((2, 2, 3), np.float32))  # type: ignore[arg-type]


def test_a_match_tells_its_lead_over_the_second_product() -> None:
    best, second = Candidate("cola", 0.9, "cola/1.jpg"), Candidate("fanta", 0.6, "fanta/2.jpg")
    match = Match("cola", 0.8, (best, second))
    assert match.score == 0.9 and match.margin == pytest.approx(0.3) and match.photo == "cola/1.jpg"
    assert Match(None, 0.8, (second,)).margin is None
    assert Match(None, 0.8, ()).score is None and Match(None, 0.8, ()).photo is None


def test_a_gallery_refuses_rows_without_a_name() -> None:
    with pytest.raises(ValueError, match="1 vectors, 0 products"):
        Gallery(np.ones((1, 4), np.float32), (), ())


def test_pictures_and_galleries_are_compared_by_identity() -> None:
    picture, vectors = np.zeros((4, 4, 3), np.uint8), np.eye(2, dtype=np.float32)
    frame, gallery = Frame(picture, 0, 0.0), Gallery(vectors, ("a", "b"), ("1", "2"))
    assert frame == frame and frame != Frame(picture, 0, 0.0)
    assert gallery in {gallery} and gallery != Gallery(vectors, ("a", "b"), ("1", "2"))


def test_a_gallery_knows_the_rows_of_each_product() -> None:
    gallery = Gallery(np.eye(4, dtype=np.float32), ("cola", "fanta", "cola", "mate"), ("1", "2", "3", "4"))
    assert {product: rows.tolist() for product, rows in gallery.rows.items()} == {
        "cola": [0, 2],
        "fanta": [1],
        "mate": [3],
    }
