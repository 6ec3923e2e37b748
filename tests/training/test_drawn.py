"""Made-up products drawn once: complete folders are kept, missing ones are drawn."""

import cv2
import numpy as np

from training.data.drawn import Drawn
from training.data.made_up import view


def test_views_are_drawn_once_and_the_missing_ones_later(tmp_path):
    drawn = Drawn(tmp_path, views=2)
    drawn.draw(products=2)
    picture = drawn.view(1, 0)
    error = np.abs(picture.astype(int) - view(1, np.random.default_rng((1, 0))))
    assert error.mean() < 6, "JPEG"
    np.testing.assert_array_equal(drawn.view(1, 2), picture)

    marked = drawn.folder / "0" / "0.jpg"
    cv2.imwrite(str(marked), np.full((8, 8, 3), 77, np.uint8))
    drawn.draw(products=3)
    assert (drawn.view(0, 0) == 77).all(), "a complete product is not drawn again"
    assert sorted(path.name for path in drawn.folder.iterdir()) == ["0", "1", "2"]


def test_a_product_that_was_not_finished_is_drawn_again(tmp_path):
    drawn = Drawn(tmp_path, views=2)
    (drawn.folder / ".0-123").mkdir(parents=True)
    (drawn.folder / ".0-123" / "0.jpg").write_bytes(b"")
    drawn.draw(products=1)
    assert min(drawn.view(0, i).size for i in range(2)) > 0


def test_another_number_of_views_has_its_own_folder(tmp_path):
    assert Drawn(tmp_path, 2).folder != Drawn(tmp_path, 3).folder
