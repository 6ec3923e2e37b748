"""What the camera does to isolation: noise, a bump, exposure, another view or size, a restart."""

import io
import threading

import cv2
import numpy as np
import pytest

from edge.isolation.isolator import Isolator
from edge.types import Frame

from .scenes import COMES_AND_GOES, FPS, HEIGHT, STANDS, WIDTH, Watch, bottle, bumped, lit, near, shadow, table

TABLE = table()
BOTTLE = bottle(TABLE, 100)


@pytest.mark.parametrize("sigma", [0, 4, 12])
def test_noise_is_no_event_and_hides_none(sigma):
    watch = Watch(sigma=sigma).play(TABLE, 4).play(BOTTLE, 3).play(TABLE, 3)
    assert watch.kinds == COMES_AND_GOES


@pytest.mark.parametrize(("across", "down"), [(6, -4), (-30, 10)])
def test_what_stands_is_found_again_after_a_bump(across, down):
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3).play(bumped(BOTTLE, across, down), 3)
    assert watch.kinds == STANDS and near(watch.seen[-1][1].box, 100 + across, 80 + down, 30, 90)
    assert watch.play(bumped(TABLE, across, down), 2).kinds == COMES_AND_GOES


def test_what_is_taken_from_a_plain_wall_is_gone_though_a_bump_would_fit(monkeypatch):
    across, down = 0, -20
    warp = np.float32([[1, 0, across], [0, 1, down]])
    monkeypatch.setattr("edge.isolation.background.find_warps", lambda *_: iter([warp]))
    wall = np.repeat(np.linspace(90, 150, WIDTH)[None, :, None].astype(np.uint8), HEIGHT, axis=0).repeat(3, axis=2)
    watch = Watch().play(wall, 2).play(bottle(wall, 100, y=190, height=40), 3).play(wall, 2)
    assert watch.kinds == COMES_AND_GOES


@pytest.mark.parametrize("start", [0.01, 0.15, 2.5])
def test_exposure_that_settles_at_the_start_is_not_learned(start):
    watch = Watch(sigma=5).play(lambda u: lit(TABLE, start + (1 - start) * u), 1.5).play(TABLE, 3)
    assert watch.play(BOTTLE, 3).play(TABLE, 2).kinds == COMES_AND_GOES


def test_another_view_is_learned_anew():
    blocks = np.random.default_rng(5).integers(0, 255, (6, 8, 3)).astype(np.uint8)
    elsewhere = cv2.resize(blocks, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3).play(elsewhere, 10)
    assert watch.kinds == COMES_AND_GOES
    assert watch.play(bottle(elsewhere, 200), 3).kinds == [*COMES_AND_GOES, ("placed", 2)]


def test_a_bottle_standing_at_a_restart_is_placed_anew():
    before = Watch().play(TABLE, 2).play(BOTTLE, 3)
    file = io.BytesIO()
    np.savez_compressed(file, **before.isolator.state())
    file.seek(0)
    with np.load(file, allow_pickle=False) as kept:
        after = Watch(Isolator.restore(kept))
    assert after.play(lit(BOTTLE, 0.8), 3).play(lit(TABLE, 0.8), 2).kinds == COMES_AND_GOES
    assert Isolator().state() == {} and Isolator.restore({}).state() == {}


def test_it_works_on_the_cameras_small_picture_and_answers_for_the_large_one():
    isolator, changes = Isolator(), []
    for index in range(50):
        small = TABLE if index < 20 else BOTTLE
        large = np.zeros((3 * HEIGHT, 3 * WIDTH, 3), np.uint8)
        changes += isolator.step(Frame(large, index, index / FPS, small))
    assert changes[0].kind == "placed" and near(changes[0].box, 300, 240, 90, 270, 12)


def test_frames_of_another_size_are_another_scene():
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3).play(cv2.resize(BOTTLE, (200, 150)), 3)
    assert watch.kinds == COMES_AND_GOES


def test_it_locates_what_stands_in_a_whole_frame():
    watch = Watch().play(TABLE, 2).play(BOTTLE, 2)
    left, right = 20, 200
    boxes = watch.isolator.locate(lit(bottle(bottle(TABLE, left), right, width=40), 0.8))
    assert [near(box, x, 80, width, 90) for box, x, width in zip(boxes, (right, left), (40, 30), strict=True)]
    assert watch.isolator.locate(TABLE) == [] and watch.isolator.locate(shadow(TABLE, 100)) == []
    assert Isolator().locate(TABLE) == [] and watch.isolator.locate(TABLE[::2, ::2].copy()) == []


def test_it_locates_from_another_thread_while_frames_come():
    watch, found = Watch().play(TABLE, 2), []
    asks = threading.Thread(target=lambda: found.extend(len(watch.isolator.locate(BOTTLE)) for _ in range(50)))
    asks.start()
    watch.play(BOTTLE, 3).play(TABLE, 2)
    asks.join()
    assert set(found) == {1} and watch.kinds == COMES_AND_GOES


@pytest.mark.parametrize("tremble", [0.1, 0.15])
def test_a_camera_that_trembles_a_little_sees_what_comes_and_goes(tremble):
    rng = np.random.default_rng(4)

    def trembling(picture):
        return lambda u: bumped(picture, *rng.uniform(-tremble, tremble, 2))

    watch = Watch().play(trembling(TABLE), 3).play(trembling(BOTTLE), 4).play(trembling(TABLE), 3)
    assert watch.kinds == COMES_AND_GOES


def clear_bottle(image, light=1.0):
    """A clear bottle: a dark cap and foot, and a body that darkens what is behind it, with a sharp outline."""
    image = image.copy()
    body = image[92:158, 100:132]
    body[:] = body * 0.86
    body[:, [0, 1, -2, -1]] = body[:, [0, 1, -2, -1]] * 0.6
    image[80:92, 108:124] = (20, 30, 60)
    image[158:168, 100:132] = (25, 30, 60)
    return (image * light).astype(np.uint8)


@pytest.mark.parametrize("light", [1.0, 0.45])
@pytest.mark.parametrize("grey", [False, True])
def test_a_clear_bottle_is_one_object_in_poor_light_and_without_colour(light, grey):
    empty, bottle_there = (TABLE * light).astype(np.uint8), clear_bottle(TABLE, light)
    if grey:
        empty, bottle_there = (
            cv2.cvtColor(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB) for each in (empty, bottle_there)
        )
    watch = Watch(sigma=1).play(empty, 2).play(bottle_there, 4).play(empty, 2)
    assert watch.kinds == COMES_AND_GOES
    assert near(watch.events[0][1].box, 100, 80, 32, 88, 8)


def test_with_a_picture_of_the_empty_scene_what_stands_there_at_the_start_is_placed():
    watch = Watch(Isolator.with_background(TABLE)).play(lit(BOTTLE, 0.8), 3)
    assert watch.kinds == STANDS
    assert watch.play(lit(TABLE, 0.8), 2).kinds == COMES_AND_GOES
