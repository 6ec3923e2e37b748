import cv2
import numpy as np

from edge.images.sharpness import sharpness
from tests.bank.pictures import picture


def test_a_blurred_picture_is_less_sharp_whatever_its_size() -> None:
    for width, height in ((48, 64), (640, 480)):
        sharp = picture(1, width, height)
        blurred = np.asarray(cv2.GaussianBlur(sharp, (0, 0), width / 30), np.uint8)
        assert 0 < sharpness(blurred) < 0.2 * sharpness(sharp)
    assert sharpness(np.full((20, 30, 3), 7, np.uint8)) == 0
