"""Zones that are not looked at: a screen shows one picture after another beside a bottle that comes and goes."""

from collections.abc import Callable

import cv2
import numpy as np

from edge.isolation.isolator import Isolator
from edge.types import Frame, Image

from .scenes import COMES_AND_GOES, STANDS, Watch, bottle, lit, near, table

TABLE = table()
SCREEN = ((0.6, 0.1), (0.95, 0.1), (0.95, 0.9), (0.6, 0.9))
BOTTLE = bottle(TABLE, 60)


def showing(picture: Image) -> Callable[[float], Image]:
    """A picture with a screen in it that shows another picture in each half of the time."""

    def frame(part: float) -> Image:
        shown = picture.copy()
        blocks = np.random.default_rng(int(2 * part)).integers(0, 256, (4, 3, 3), dtype=np.uint8)
        shown[24:216, 192:304] = cv2.resize(blocks, (112, 192), interpolation=cv2.INTER_NEAREST)
        return shown

    return frame


def test_a_bottle_beside_a_screen_is_placed_and_removed() -> None:
    watch = Watch(Isolator(ignore=[SCREEN])).play(showing(TABLE), 12).play(showing(BOTTLE), 12).play(showing(TABLE), 12)
    assert watch.kinds == COMES_AND_GOES and near(watch.events[0][1].box, 60, 80, 30, 90)
    watch = Watch().play(showing(TABLE), 12).play(showing(BOTTLE), 12).play(showing(TABLE), 12)
    assert watch.kinds != COMES_AND_GOES, "the screen disturbs where it is looked at"


def test_what_stands_in_a_zone_is_nothing() -> None:
    watch = Watch(Isolator(ignore=[SCREEN])).play(TABLE, 2).play(bottle(TABLE, 230), 4).play(TABLE, 2)
    assert watch.kinds == []


def test_the_light_may_change_around_a_zone() -> None:
    dim = lit(BOTTLE, 0.6)
    watch = Watch(Isolator(ignore=[SCREEN])).play(showing(TABLE), 12).play(showing(BOTTLE), 12).play(showing(dim), 12)
    assert watch.kinds == STANDS


def test_a_restart_knows_the_scene_only_where_the_zones_are_the_same() -> None:
    learned = Watch(Isolator(ignore=[SCREEN])).play(TABLE, 3).isolator.state()
    same = Watch(Isolator.restore(learned, ignore=[SCREEN])).play(BOTTLE, 3)
    assert same.kinds == STANDS
    other = Watch(Isolator.restore(learned)).play(TABLE, 3)
    assert other.kinds == [], "what the zone hid is no object"


def test_a_camera_s_own_picture_is_left_as_it_is() -> None:
    small = np.ascontiguousarray(TABLE[::2, ::2])
    kept = small.copy()
    Isolator(ignore=[SCREEN]).step(Frame(TABLE, 0, 0.0, small))
    assert np.array_equal(small, kept)
