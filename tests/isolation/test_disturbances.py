"""What disturbs every picture: lamps in bands and as a whole, a shaking camera; frames that come slowly."""

import logging

import cv2
import numpy as np
import pytest

from edge.isolation.settings import IsolationSettings
from edge.isolation.stabiliser import Stabiliser

from .scenes import COMES_AND_GOES, HEIGHT, STANDS, WIDTH, Watch, bottle, bumped, table

TABLE = table()
BOTTLE = bottle(TABLE, 100)


def bands(picture, depth, cycles, speed):
    """Bands that roll through the picture, from frame to frame by so much of their own height."""
    rows = np.arange(HEIGHT) / HEIGHT

    def at(number):
        gain = 1 + depth * np.sin(2 * np.pi * (cycles * rows + speed * number))
        return np.clip(picture * gain[:, None, None], 0, 255).astype(np.uint8)

    return at


def flicker(picture, depth):
    gains = np.random.default_rng(2).uniform(1 - depth, 1 + depth, 1000)
    return lambda number: np.clip(picture * gains[number], 0, 255).astype(np.uint8)


def shaking(picture, pixels):
    shifts = np.random.default_rng(3).choice([-pixels, 0, pixels], (1000, 2))
    return lambda number: bumped(picture, *shifts[number])


def checked(picture):
    """With a cloth of small squares on the table, whose edges show how a camera shakes."""
    picture = picture.copy()
    squares = (np.arange(HEIGHT - 120)[:, None] // 8 + np.arange(WIDTH)[None] // 8) % 2
    picture[120:][squares == 1] = (60, 50, 120)
    return picture


def play(disturbed, seconds=(3, 4, 3), fps=10) -> Watch:
    watch = Watch(fps=fps)
    for picture, length in zip((TABLE, BOTTLE, TABLE), seconds, strict=True):
        frames = disturbed(picture)
        for _ in range(round(length * fps)):
            watch.play(frames(watch.frames), 1 / fps)
    return watch


@pytest.mark.parametrize("depth", [0.06, 0.12, 0.25])
@pytest.mark.parametrize(("cycles", "speed"), [(1.3, 0.7), (0.6, 0.31), (3, 0.13), (1.3, 0.02)])
def test_bands_of_a_lamp_are_no_event_and_hide_none(depth, cycles, speed):
    assert play(lambda picture: bands(picture, depth, cycles, speed)).kinds == COMES_AND_GOES


@pytest.mark.parametrize("depth", [0.05, 0.25])
def test_a_light_that_flickers_as_a_whole_is_no_event_and_hides_none(depth):
    assert play(lambda picture: flicker(picture, depth)).kinds == COMES_AND_GOES


@pytest.mark.parametrize("pixels", [0.25, 0.5])
def test_a_camera_that_shakes_sees_what_comes_and_goes(pixels):
    assert play(lambda picture: shaking(picture, pixels)).kinds == COMES_AND_GOES


def test_a_lamp_is_reported_once_and_while_it_lasts(caplog):
    watch, frames = Watch(), bands(checked(TABLE), 0.1, 1.3, 0.7)
    with caplog.at_level(logging.WARNING):
        for _ in range(100):
            watch.play(frames(watch.frames), 1 / watch.fps)
    assert watch.isolator.trouble and "lamp" in watch.isolator.trouble
    assert ["lamp" in record.message for record in caplog.records] == [True]
    assert watch.play(checked(TABLE), 5).isolator.trouble is None and watch.kinds == []


def test_a_shaking_picture_is_held_still():
    stabiliser, still = Stabiliser(IsolationSettings()), cv2.GaussianBlur(checked(TABLE), (0, 0), 1.5)
    known, frames = np.ones((HEIGHT, WIDTH), np.bool_), shaking(still, 0.6)
    held = [stabiliser.apply(frames(number), still, known, early=False) for number in range(30)]
    assert stabiliser.active
    shaken, error = (np.abs(np.subtract(each, still, dtype=int)).mean() for each in (frames(29), held[-1]))
    assert error < shaken / 3
    for _ in range(20):
        stabiliser.rest()
    assert not stabiliser.active


def test_a_quiet_scene_reports_nothing(caplog):
    watch = play(lambda picture: lambda number: picture)
    assert watch.isolator.trouble is None and not caplog.records and watch.kinds == COMES_AND_GOES


@pytest.mark.parametrize("fps", [0.5, 0.8, 0.999, 1.0, 2.0])
def test_frames_that_come_slowly_place_and_remove(fps):
    assert play(lambda picture: lambda number: picture, (12, 16, 12), fps).kinds == COMES_AND_GOES


def test_frames_that_stall_place_and_remove():
    watch = Watch().play(TABLE, 2).play(BOTTLE, 0.3)
    watch.frames += 40
    watch.play(BOTTLE, 2)
    watch.frames += 70
    assert watch.play(TABLE, 1).kinds == COMES_AND_GOES


def night(picture, gain):
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return np.clip(grey * gain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("gain", [0.6, 1.0, 1.3])
def test_a_camera_that_loses_its_colours_and_gets_them_back_makes_no_event(gain):
    watch = Watch().play(TABLE, 3).play(BOTTLE, 3).play(night(BOTTLE, gain), 5)
    assert watch.kinds == STANDS and watch.seen[-1][0] == watch.t - 1 / watch.fps
    watch.play(night(bottle(BOTTLE, 200, colour=(200, 40, 40)), gain), 3)
    assert watch.kinds == [("placed", 1), ("placed", 2)]
    watch.play(bottle(BOTTLE, 200, colour=(200, 40, 40)), 5)
    assert watch.kinds == [("placed", 1), ("placed", 2)]
    assert watch.play(bottle(TABLE, 200, colour=(200, 40, 40)), 2).kinds[2:] == [("removed", 1)]
    assert watch.play(TABLE, 2).kinds[3:] == [("removed", 2)]


def test_what_is_taken_at_night_is_removed():
    watch = Watch().play(TABLE, 3).play(BOTTLE, 3).play(night(BOTTLE, 0.8), 4)
    assert watch.play(night(TABLE, 0.8), 2).kinds == COMES_AND_GOES
    assert watch.play(TABLE, 4).kinds == COMES_AND_GOES


def test_a_coloured_object_taken_from_a_grey_table_is_no_loss_of_colour():
    grey = night(TABLE, 1.0)
    watch = Watch(sigma=1).play(grey, 3).play(bottle(grey, 100), 3).play(grey, 3)
    assert watch.kinds == COMES_AND_GOES
    assert watch.play(bottle(grey, 200), 3).kinds == [*COMES_AND_GOES, ("placed", 2)]
