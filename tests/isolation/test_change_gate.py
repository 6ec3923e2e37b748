"""The quick look between two whole ones: what it takes for the same, and what the isolator sees with it."""

import numpy as np
import pytest

from edge.isolation.change_gate import ChangeGate
from edge.isolation.settings import IsolationSettings
from tests.isolation.scenes import FPS, Watch, bottle, lit, table

TABLE = table()


def noisy(picture, seed, sigma):
    rng = np.random.default_rng(seed)
    return np.clip(picture + rng.normal(0, sigma, picture.shape), 0, 255).round().astype(np.uint8)


@pytest.mark.parametrize("sigma", [0, 3, 10])
def test_noise_is_the_same_and_an_object_is_not(sigma):
    glance = ChangeGate(IsolationSettings())
    glance.remember(noisy(TABLE, 0, sigma), sigma / 4)
    assert all(glance.is_same(noisy(TABLE, seed, sigma)) for seed in range(1, 20))
    small = bottle(TABLE, 200, width=12, height=20)
    assert not any(glance.is_same(noisy(small, seed, sigma)) for seed in range(1, 20))
    assert not glance.is_same(noisy(lit(TABLE, 0.8), 1, sigma))


def test_nothing_is_the_same_as_nothing():
    glance = ChangeGate(IsolationSettings())
    assert not glance.is_same(TABLE)
    glance.remember(TABLE, 1.0)
    assert glance.is_same(TABLE) and not glance.is_same(TABLE[:, ::2].copy())


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 1, 3), (121, 161, 3), (720, 1280, 3), (1000, 7, 3)])
def test_pictures_of_any_shape(shape):
    glance, black = ChangeGate(IsolationSettings()), np.zeros(shape, np.uint8)
    glance.remember(black, 1.0)
    assert glance.is_same(black) and not glance.is_same(black + np.uint8(255))


def test_what_differs_in_colour_only_is_placed_and_removed_all_the_same():
    grey = np.full((240, 320, 3), 110, np.uint8)
    red = grey.copy()
    red[80:170, 120:150] = (190, 77, 80)  # as bright as the grey
    glance = ChangeGate(IsolationSettings())
    glance.remember(grey, 1.0)
    assert glance.is_same(red)
    watch = Watch().play(grey, 3).play(red, 4).play(grey, 3)
    assert watch.kinds == [("placed", 1), ("removed", 1)]
    placed, removed = (t for t, _ in watch.events)
    assert 4.0 <= placed <= 5.5 and 7.0 <= removed <= 8.5


def test_an_object_is_seen_in_every_frame_of_a_scene_in_which_nothing_happens():
    watch = Watch().play(TABLE, 2).play(bottle(TABLE, 120), 10)
    first = watch.events[0][0]
    assert len(watch.seen) >= (12 - first) * FPS - 3


@pytest.mark.parametrize("fps", [30, 60, 120])
def test_a_still_scene_is_looked_at_some_ten_times_a_second_however_many_frames_come(fps):
    watch = Watch(fps=fps).play(TABLE, 2).play(bottle(TABLE, 120), 8)
    assert watch.kinds == [("placed", 1)]
    assert 9 * 3 <= sum(6 <= t < 9 for t, _ in watch.seen) <= 13 * 3
