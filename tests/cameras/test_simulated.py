"""The simulated scene: the same seed, the same pictures; and the truth is what can be seen in them."""

from functools import partial
from itertools import islice

import numpy as np
import pytest

from edge.cameras.camera import Camera
from edge.cameras.simulated import (
    CATALOGUE,
    ENROLLED,
    STRANGERS,
    Disturbance,
    SimulatedCamera,
    demo_scene,
    photos,
    random_scene,
)
from edge.cameras.simulated.ground_truth import overlap
from edge.types import Box


def camera(seed: int = 3, width: int = 320, height: int = 240, actions: int = 5) -> SimulatedCamera:
    return SimulatedCamera(width, height, 5, seed, partial(random_scene, actions=actions))


def test_the_same_seed_gives_the_same_pictures_and_another_does_not():
    first, again, other = (list(islice(camera(seed), 60)) for seed in (3, 3, 4))
    assert all(np.array_equal(a.image, b.image) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0].image, other[0].image)


@pytest.mark.parametrize("size", [(320, 240), (640, 480), (640, 360), (161, 121)])
def test_frames_are_of_the_size_asked_for_and_on_the_clock(size):
    source: Camera = camera(1, *size)
    frames = list(islice(source, 40))
    assert source.size == size and not source.live
    assert {(frame.image.shape, frame.image.dtype.name) for frame in frames} == {((size[1], size[0], 3), "uint8")}
    assert [(frame.index, frame.t) for frame in frames] == [(i, i / 5) for i in range(40)]


def test_without_a_script_it_goes_on_until_it_is_closed():
    source = SimulatedCamera(160, 120, 1, 1)
    seen = 0
    for frame in source:
        seen = frame.index
        if seen == 200:
            source.close()
            source.close()
    assert seen == 200 and len(source.truth) > 10


@pytest.mark.parametrize("seed", range(5))
def test_what_was_put_down_is_seen_in_its_box_and_nothing_is_once_it_is_taken_away(seed):
    source = camera(seed)
    frames = {}
    for frame in source:
        frames[frame.index] = frame.image.astype(np.float32)
    assert source.truth
    for deed in source.truth:
        x, y, width, height = deed.box
        before, after = (
            frames[index][y : y + height, x : x + width] for index in (int(deed.since * 5), round(deed.until * 5))
        )
        gain = np.median(after / (before + 1))
        assert np.mean(np.abs(after - gain * before).max(2) > 25) > 0.4, deed


@pytest.mark.parametrize("seed", range(30))
def test_a_scene_is_fair(seed):
    source = SimulatedCamera(160, 120, 2, seed, partial(random_scene, actions=8))
    for _ in source:
        pass
    standing: dict[int, Box] = {}
    rested: dict[int, float] = {}
    for deed in sorted(source.truth, key=lambda deed: (deed.until, deed.kind == "placed")):
        assert deed.since < deed.until
        assert 4 <= deed.box.x and deed.box.x + deed.box.width <= 156 and 4 <= deed.box.y
        assert deed.box.y + deed.box.height <= 116
        if deed.kind == "placed":
            assert all(overlap(deed.box, box) < 0.01 for box in standing.values())
            standing[deed.visit], rested[deed.visit] = deed.box, deed.until
        else:
            assert deed.since - rested[deed.visit] >= 2.4
            del standing[deed.visit]
    assert len({(deed.kind, deed.visit) for deed in source.truth}) == len(source.truth)


def test_the_demonstration_shows_each_kind_of_thing_in_about_a_minute():
    source, frames = SimulatedCamera(160, 120, 4, 1, demo_scene), 0
    for frame in source:
        frames = frame.index
    placed = [deed for deed in source.truth if deed.kind == "placed"]
    assert 60 <= frames / 4 <= 90 and 5 <= len(placed) <= 8
    assert {deed.expected is None for deed in placed} == {True, False}
    assert any(deed.kind == "removed" for deed in source.truth)
    assert len({deed.until for deed in placed}) < len(placed), "two are put down at once"


def test_photos_show_a_product_from_several_sides():
    for product in CATALOGUE:
        pictures = photos(product, 3)
        assert len(pictures) == 3 and all(picture.shape[2] == 3 and min(picture.shape[:2]) > 60 for picture in pictures)
        assert not np.array_equal(pictures[0], pictures[2])


def test_products_are_told_apart_by_their_bands_of_colour():
    """Colours from top to bottom and the shape of the crop are a poor model: what they tell apart, a good one can."""

    def bands(picture):
        height, width = picture.shape[:2]
        middle = picture[:, width * 3 // 10 : width * 7 // 10].astype(np.float32).mean(1)
        rows = np.concatenate([part.mean(0) for part in np.array_split(middle, 12)])
        return np.append(rows / np.linalg.norm(rows), width / height)

    known = {product.name: [bands(picture) for picture in photos(product, 4)] for product in CATALOGUE}
    assert len(known) == len(ENROLLED) + len(STRANGERS) == len(CATALOGUE)
    for product in CATALOGUE:
        probe = bands(photos(product, 1, seed=5)[0])
        far = {name: min(float(np.linalg.norm(probe - photo)) for photo in some) for name, some in known.items()}
        assert min(far, key=far.__getitem__) == product.name


@pytest.mark.parametrize(
    ("disturbance", "least"),
    [
        (Disturbance(bands=0.1), 3),
        (Disturbance(flicker=0.2), 3),
        (Disturbance(shake=1), 0.5),
        (Disturbance(night=(0, 5)), 5),
        (Disturbance(gloss=0.4), 0.2),
    ],
    ids=lambda value: str(value),
)
def test_a_disturbance_changes_the_pictures_and_nothing_of_what_happens(disturbance, least):
    plain, disturbed = (
        SimulatedCamera(320, 240, 2, 3, partial(random_scene, actions=2), each) for each in (Disturbance(), disturbance)
    )
    pairs = list(zip(plain, disturbed, strict=True))
    apart = [np.abs(np.subtract(one.image, other.image, dtype=int)).mean() for one, other in pairs]
    assert max(apart) > least and plain.truth == disturbed.truth
