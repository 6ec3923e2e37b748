import cv2
import numpy as np
import pytest

from edge.isolation.settings import IsolationSettings

from .scenes import COMES_AND_GOES, FPS, HEIGHT, STANDS, WIDTH, Watch, bottle, bumped, hand, lit, near, shadow, table

TABLE = table()
REST, GONE = IsolationSettings().rest_seconds, IsolationSettings().bare_seconds
BOTTLE = bottle(TABLE, 100)


def test_a_bottle_is_placed_seen_and_removed_under_one_number():
    watch = Watch().play(TABLE, 2).play(BOTTLE, 5).play(TABLE, 2)
    assert watch.kinds == COMES_AND_GOES
    (placed, change), (removed, _) = watch.events
    assert 2 + REST <= placed <= 2 + REST + 0.3 and 7 + GONE <= removed <= 7 + GONE + 0.3
    assert near(change.box, 100, 80, 30, 90)
    assert [t for t, _ in watch.seen] == [i / FPS for i in range(round(placed * FPS) + 1, 70)]


@pytest.mark.parametrize("fps", [5, 10, 15, 30])
def test_time_counts_and_not_frames(fps):
    watch = Watch(fps=fps).play(TABLE, 2).play(BOTTLE, 3).play(TABLE, 2)
    assert watch.kinds == COMES_AND_GOES
    (placed, _), (removed, _) = watch.events
    assert abs(placed - 2 - REST) <= 1.5 / fps + 0.1 and abs(removed - 5 - GONE) <= 1.5 / fps + 0.1


def test_the_same_frames_give_the_same_changes():
    runs = [Watch().play(TABLE, 1).play(lambda u: hand(BOTTLE, 115, 80), 1).play(BOTTLE, 2) for _ in range(2)]
    assert runs[0].events == runs[1].events and runs[0].seen == runs[1].seen and runs[0].events


def test_four_stand_and_go_each_on_its_own():
    places, watch, picture = (20, 95, 170, 245), Watch().play(TABLE, 2), TABLE
    for n, x in enumerate(places):
        picture = bottle(picture, x, colour=(30 + 50 * n, 200 - 50 * n, 90))
        watch.play(picture, 2)
    assert watch.kinds == [("placed", n) for n in (1, 2, 3, 4)]
    for n, x in ((2, 95), (1, 20), (4, 245), (3, 170)):
        picture[:, x - 2 : x + 32] = TABLE[:, x - 2 : x + 32]
        watch.play(picture, 1)
        assert watch.kinds[-1] == ("removed", n)
    assert len(watch.events) == 8


def test_four_that_arrive_at_once_are_four():
    picture = TABLE
    for x in (20, 95, 170, 245):
        picture = bottle(picture, x)
    watch = Watch().play(TABLE, 2).play(picture, 2)
    assert sorted(change.box.x // 75 for _, change in watch.events) == [0, 1, 2, 3]


def test_one_put_before_another_is_its_own_and_the_other_stays():
    both = bottle(BOTTLE, 115, colour=(200, 40, 40), y=110, width=40)
    watch = Watch().play(TABLE, 2).play(BOTTLE, 2).play(both, 3).play(BOTTLE, 2).play(TABLE, 2)
    assert watch.kinds == [("placed", 1), ("placed", 2), ("removed", 2), ("removed", 1)]


def test_what_stood_there_when_the_background_was_learned_leaves_no_ghost():
    watch = Watch().play(BOTTLE, 3).play(lambda u: hand(BOTTLE, 115, 80), 1).play(TABLE, 4)
    assert watch.kinds == []
    assert watch.play(BOTTLE, 3).kinds == STANDS


def test_a_swap_is_a_removal_and_a_placement():
    other = bottle(TABLE, 100, colour=(210, 40, 60))
    swap = [hand(BOTTLE, 115, 80), hand(TABLE, 115, 60), hand(other, 115, 80)]
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3)
    watch.play(lambda u: swap[int(3 * u)], 1.5).play(other, 2)
    assert watch.kinds == [("placed", 1), ("removed", 1), ("placed", 2)]


def test_a_swap_that_an_arm_hides_is_seen_from_the_new_size():
    larger = bottle(TABLE, 92, colour=(210, 40, 60), y=60, width=46, height=112)
    arm = cv2.line(BOTTLE.copy(), (115, 260), (115, 80), (205, 150, 120), 60)
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3).play(arm, 0.5).play(larger, 3)
    assert watch.kinds == [("placed", 1), ("removed", 1), ("placed", 2)]


@pytest.mark.parametrize("colour", [(210, 40, 60), (30, 200, 60)])
def test_a_swap_that_an_arm_hides_is_seen_from_the_new_colours(colour):
    other = bottle(TABLE, 100, colour=colour)
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3)
    watch.play(cv2.line(BOTTLE.copy(), (115, 260), (115, 80), (205, 150, 120), 60), 0.5).play(other, 3)
    assert watch.kinds == [("placed", 1), ("removed", 1), ("placed", 2)]


def test_what_becomes_of_an_object_changes_nothing_of_what_it_hides():
    watch = Watch().play(TABLE, 2)
    for turn in (0, 4, 8, 12, 16):
        watch.play(lit(bottle(TABLE, 100, turn=turn), 1 - turn / 80), 5)
    assert watch.kinds == STANDS
    empty = watch.isolator.state()["background"].astype(int)
    table = lit(TABLE, 0.8)[::2, ::2].astype(int)
    assert np.abs(empty - table)[40:86, 50:66].mean() < 6


def test_a_bottle_put_where_one_stood_from_the_start_is_placed():
    smaller = bottle(TABLE, 105, colour=(210, 40, 60), y=110, width=22, height=60)
    assert Watch().play(BOTTLE, 3).play(hand(BOTTLE, 115, 80), 0.5).play(smaller, 3).kinds == STANDS


def test_a_turned_bottle_is_the_same():
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3)
    watch.play(lambda u: hand(bottle(TABLE, 100, turn=int(12 * u)), 115, 80), 2).play(bottle(TABLE, 100, turn=12), 3)
    assert watch.kinds == STANDS
    assert watch.seen[-1][0] == watch.t - 1 / FPS
    assert watch.play(TABLE, 1).kinds == COMES_AND_GOES


def test_a_bottle_pushed_aside_a_little_is_the_same_and_its_box_follows():
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3)
    watch.play(lambda u: bottle(TABLE, 100 + int(12 * u)), 1).play(bottle(TABLE, 112), 3)
    assert watch.kinds == STANDS and near(watch.seen[-1][1].box, 112, 80, 30, 90)
    assert watch.play(TABLE, 1).kinds == COMES_AND_GOES


def test_it_is_never_absorbed_however_long_it_stands_and_the_light_changes():
    watch = Watch(fps=1).play(TABLE, 4).play(lambda u: lit(BOTTLE, 1 - 0.5 * u), 600)
    assert watch.kinds == STANDS and len(watch.seen) > 580
    assert watch.play(lit(TABLE, 0.5), 2).kinds == COMES_AND_GOES


def test_a_hand_before_it_is_no_removal_and_no_good_look():
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3)
    watch.seen.clear()
    watch.play(hand(BOTTLE, 115, 150), 3)
    assert watch.kinds == STANDS and watch.seen == []
    assert watch.play(BOTTLE, 1).kinds == STANDS and watch.seen


def passing(picture, depth, soft):
    return lambda u: shadow(picture, int(-80 + 480 * u), depth, soft)


def person(picture):
    def at(u):
        image, x = picture.copy(), int(-120 + 560 * u)
        cv2.rectangle(image, (x, 60), (x + 110, 240), (40, 60, 45), -1)
        cv2.circle(image, (x + 55, 40), 30, (190, 140, 110), -1)
        return image

    return at


def resting_person(picture):
    """Comes, stands and sways by two pixels, goes."""
    walk, rng = person(picture), np.random.default_rng(3)
    return lambda u: (
        bumped(walk(min(u * 2, 0.5) if u < 0.75 else 2 * u - 1), 0, 0)
        if u < 0.25 or u > 0.75
        else walk(0.5 + rng.uniform(-0.004, 0.004))
    )


def reflected(picture):
    """A warm glow of some hand's breadth on a wall."""
    y, x = np.ogrid[:HEIGHT, :WIDTH]
    glow = np.exp(-(((x - 240) / 30) ** 2 + ((y - 50) / 30) ** 2))[..., None] * (60, 30, 0)
    return np.clip(picture + glow, 0, 255).astype(np.uint8)


NOTHING = {
    "a hand passes": lambda picture: lambda u: hand(picture, 160, int(160 * np.sin(np.pi * u))),
    "a hand rests a while": lambda picture: lambda u: hand(picture, 160, int(140 * min(1, 8 * u, 8 * (1 - u)))),
    "a person passes": person,
    "a person stands": resting_person,
    "a soft shadow passes": lambda picture: passing(picture, 0.4, 15),
    "a hard shadow passes": lambda picture: passing(picture, 0.5, 1),
    "a shadow stays": lambda picture: lambda u: shadow(picture, 220, 0.4, 4),
    "light is switched off in part": lambda picture: lambda u: lit(picture, 0.6),
    "light is switched on": lambda picture: lambda u: lit(picture, 1.4),
    "a lamp is switched on aside": lambda picture: lambda u: lit(picture, np.linspace(1.6, 0.9, WIDTH)[:, None]),
    "the light goes out": lambda picture: lambda u: lit(picture, 0.02),
    "a screen reflects": lambda picture: lambda u: reflected(picture),
    "light drifts": lambda picture: lambda u: lit(picture, 1 + 0.3 * np.sin(np.pi * u)),
    "its colour drifts": lambda picture: lambda u: lit(picture, (1 + 0.15 * u, 1, 1 - 0.15 * u)),
    "exposure steps": lambda picture: lambda u: lit(picture, 1 + 0.4 * (int(4 * u) % 2), 1.1),
    "the camera is bumped": lambda picture: lambda u: bumped(picture, 5, -3, 0.4),
    "the camera is bumped far": lambda picture: lambda u: bumped(picture, -24, 13),
    "the camera shakes": lambda picture: lambda u: bumped(picture, 6 * np.sin(40 * u), 6 * np.cos(27 * u)),
}


@pytest.mark.parametrize("happens", NOTHING.values(), ids=NOTHING.keys())
@pytest.mark.parametrize("picture", [TABLE, BOTTLE], ids=["empty", "bottle"])
def test_no_event(happens, picture):
    expected = STANDS if picture is BOTTLE else []
    watch = Watch().play(TABLE, 2).play(picture, 3)
    assert watch.kinds == expected
    watch.play(happens(picture), 5)
    assert watch.kinds == expected
    watch.play(picture, 4)
    assert watch.kinds == expected
    assert bool(watch.seen) == bool(expected) and (not expected or watch.seen[-1][0] == watch.t - 1 / FPS)
    watch.play(bottle(picture, 200), 2)
    assert watch.kinds == [*expected, ("placed", len(expected) + 1)]


def test_one_who_walks_in_and_stands_still_is_no_object_for_a_while():
    walk = person(TABLE)
    watch = Watch().play(TABLE, 2).play(lambda u: walk(0.7 * u), 3).play(walk(0.7), 10)
    assert watch.kinds == []


def test_what_stands_before_another_is_its_own_when_the_one_behind_is_taken():
    before = bottle(BOTTLE, 101, colour=(200, 160, 40), y=96, width=27, height=78)
    alone = bottle(TABLE, 101, colour=(200, 160, 40), y=96, width=27, height=78)
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3).play(before, 3)
    assert watch.kinds == [("placed", 1), ("placed", 2)]
    assert watch.play(alone, 3).kinds == [("placed", 1), ("placed", 2), ("removed", 1)]
    assert watch.play(TABLE, 2).kinds[-1] == ("removed", 2)


def test_what_is_put_before_another_and_taken_again_leaves_that_one():
    before = bottle(BOTTLE, 101, colour=(200, 160, 40), y=96, width=27, height=78)
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3).play(before, 3).play(BOTTLE, 3)
    assert watch.kinds == [("placed", 1), ("placed", 2), ("removed", 2)]


def crate(picture):
    picture = picture.copy()
    picture[120:, 200:] = (140, 100, 50)
    picture[130:-10:20, 210:] = (90, 60, 30)
    return picture


@pytest.mark.parametrize("stays", [50, 70])
def test_what_is_put_where_a_guest_stood_at_the_border_is_placed(stays):
    watch = Watch(fps=2).play(TABLE, 4).play(crate(TABLE), stays).play(TABLE, 4)
    assert watch.kinds == []
    assert watch.play(bottle(TABLE, 240, y=130), 5).kinds == STANDS


def test_what_stood_at_the_border_from_the_start_and_goes_hides_nothing():
    watch = Watch().play(crate(TABLE), 4).play(TABLE, 6)
    assert watch.kinds == []
    assert watch.play(bottle(TABLE, 240, y=130), 3).kinds == STANDS


def test_a_guest_that_comes_and_goes_is_no_part_of_what_is_kept():
    watch = Watch(fps=2)
    for _ in range(3):
        watch.play(TABLE, 4).play(crate(TABLE), 65)
    assert watch.play(TABLE, 4).kinds == []
    assert watch.play(BOTTLE, 5).kinds == STANDS


def glossy(image, x, y, width, height, shows, to=HEIGHT):
    """With the mirror image of what stands there in the table below it, as far as a row."""
    image = image.copy()
    rows = min(height, to - y - height)
    turned = image[y + height - rows : y + height, x : x + width][::-1]
    place = image[y + height : y + height + rows, x : x + width]
    place[:] = ((1 - shows) * place + shows * turned).astype(np.uint8)
    return image


@pytest.mark.parametrize("shows", [0.25, 0.4, 0.6])
@pytest.mark.parametrize("y", [60, 140])
def test_an_object_on_a_glossy_table_is_cut_off_from_its_mirror_image(shows, y):
    marked = bottle(TABLE, 100, y=y, height=70)
    marked[y + 5 : y + 15, 104:126] = (200, 200, 30)
    watch = Watch().play(TABLE, 2).play(glossy(marked, 100, y, 30, 70, shows), 3).play(TABLE, 2)
    assert watch.kinds == COMES_AND_GOES
    assert near(watch.events[0][1].box, 100, y, 30, 70)


def test_a_label_that_is_the_same_upside_down_is_no_mirror_image():
    """It ends before it is as tall as what is above it, and not at the border."""
    marked = bottle(TABLE, 100, y=60, height=64)
    marked[65:75, 104:126] = (200, 200, 30)
    watch = Watch().play(TABLE, 2).play(glossy(marked, 100, 60, 30, 64, 0.7, to=160), 3)
    assert near(watch.events[0][1].box, 100, 60, 30, 100)


def test_an_object_as_it_is_without_a_mirror_keeps_all_of_itself():
    watch = Watch().play(TABLE, 2).play(bottle(TABLE, 100, y=60, height=140), 3)
    assert near(watch.events[0][1].box, 100, 60, 30, 140)


def test_what_was_turned_or_uncovered_is_reported_as_changed():
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3).play(bottle(TABLE, 100, turn=12), 3)
    assert [change.track for _, change in watch.changed] == [1] and watch.kinds == STANDS
    both = bottle(BOTTLE, 115, colour=(200, 40, 40), y=110, width=40)
    watch = Watch().play(TABLE, 2).play(BOTTLE, 3).play(both, 3).play(BOTTLE, 2)
    assert [change.track for _, change in watch.changed] == [1]


def test_a_label_of_the_colour_of_the_table_belongs_to_its_bottle_when_that_is_turned():
    def labelled(at):
        image = bottle(TABLE, 100, width=36, height=110)
        image[105:135, at : at + 20] = TABLE[105:135, at : at + 20]
        return image

    watch = (
        Watch()
        .play(TABLE, 2)
        .play(labelled(116), 3)
        .play(labelled(100), 3)
        .play(bottle(TABLE, 100, width=36, height=110), 3)
    )
    assert watch.kinds == STANDS
    assert watch.play(TABLE, 2).kinds == COMES_AND_GOES
