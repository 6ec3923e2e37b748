import numpy as np

from edge.bank.preflight import Advice, preflight
from edge.types import NOT_A_PRODUCT, Gallery
from tests.bank.test_views import circle


def gallery(**degrees: list[float]) -> Gallery:
    """Products by their photos' vectors on a circle; photo 1 of cola is cola/1.jpg."""
    vectors = circle(*(angle for angles in degrees.values() for angle in angles))
    counts = {name.replace("_", "-"): len(angles) for name, angles in degrees.items()}
    named = [(name, number) for name, count in counts.items() for number in range(1, count + 1)]
    return Gallery(vectors, tuple(name for name, _ in named), tuple(f"{name}/{number}.jpg" for name, number in named))


def test_good_photos_need_no_advice() -> None:
    assert list(preflight(gallery(cola=[0, 40], fanta=[120, 160], tea=[240, 280]))) == []


def test_products_that_may_be_confused_are_named_once_with_what_separates_them() -> None:
    (advice,) = preflight(gallery(cola=[0, 60], cola_zero=[-15, -100]))
    assert (advice.product, advice.kind) == ("cola", "near")
    assert advice.text == "0.03 from cola-zero; cola/2.jpg, 0.74 from it, shows how they differ"
    (advice,) = preflight(gallery(cola=[0, 60], cola_zero=[-15, -100]), {"cola-zero"})
    assert advice.product == "cola-zero" and "0.03 from cola; cola-zero/2.jpg" in advice.text
    near = [each for each in preflight(gallery(cola=[0, 30], cola_zero=[-10, 25])) if each.kind == "near"]
    assert near[0].text == "0.00 from cola-zero; photos of the side on which they differ would separate them"


def test_one_side_and_one_photo_are_told() -> None:
    assert list(preflight(gallery(cola=[0, 2, 4, 6], fanta=[120]))) == [
        Advice("cola", "one side", "its 4 views show one side; add photos of the others"),
        Advice("fanta", "few", "one photo; add three more, from other sides"),
    ]


def test_a_photo_unlike_the_others_is_named() -> None:
    (advice,) = preflight(gallery(cola=[0, 20, 130, 40]))
    assert advice == Advice("cola", "unlike", "cola/3.jpg is unlike the others, 1.00 from the nearest")
    unlike = [each for each in preflight(gallery(cola=[0, 30, 60, 150], fanta=[170, 210])) if each.kind == "unlike"]
    assert [each.text for each in unlike] == ["cola/4.jpg is 0.06 from fanta, 1.00 from the others; does it show cola?"]


def test_names_that_differ_in_case_or_spacing_are_told() -> None:
    vectors = np.eye(4, dtype=np.float32)
    names = ("Coca Cola", "coca-cola", "fanta", NOT_A_PRODUCT)
    told = [advice for advice in preflight(Gallery(vectors, names, ("1", "2", "3", "4"))) if advice.kind == "name"]
    assert told == [Advice("coca-cola", "name", "differs from Coca Cola only in case or spacing; are they two?")]


def test_negatives_get_no_advice_but_are_near_to_a_product() -> None:
    vectors = circle(0, 60, 10)
    advice = list(preflight(Gallery(vectors, ("cola", "cola", NOT_A_PRODUCT), ("1", "2", "3"))))
    assert list(preflight(Gallery(vectors[2:], (NOT_A_PRODUCT,), ("3",)), {NOT_A_PRODUCT})) == []
    assert [each.product for each in advice] == ["cola"] and "0.02 from _not-a-product" in advice[0].text


def test_nothing_enrolled_needs_no_advice() -> None:
    assert list(preflight(Gallery(np.empty((0, 0), np.float32), (), ()))) == []
