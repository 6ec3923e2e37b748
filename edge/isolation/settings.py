"""Every number that isolation is tuned by, in one place, so that a sweep changes them without patching.

They are not user configuration: together they were chosen on simulated scenes and real video. Pixels are those of the
small picture, which is less than 256 wide; grey levels are 0 to 255; a share is a part in [0, 1].
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IsolationSettings:
    """The constants of isolation, with their units in their names. Hand another one to `Isolator(settings)`."""

    # When a region is an object, and when it is gone (tracker.py)

    rest_seconds: float = 1.1
    """Without change, after which a region is an object."""
    large_rest_seconds: float = 4.0
    """The same, for a region as large as a person."""
    walker_rest_seconds: float = 15.0
    """The same, for one that walked in."""
    border_rest_seconds: float = 60.0
    """The same, after which a region at the border becomes background."""
    view_rest_seconds: float = 6.0
    """The same, after which a new view is learned."""
    bare_seconds: float = 0.25
    """For which an object's place must look like what it hid before the object is removed."""
    bare_share: float = 0.75
    """Of an object's place that must look like what it hid before the object is removed."""
    glimpse_share: float = 0.6
    """The same, for it to have been taken away and replaced; a hand that turns it leaves more in view."""
    odd_share: float = 0.05
    """Of an object that may differ while it counts as seen."""
    size_share: float = 0.75
    """Of its size that an object keeps when it is turned or pushed."""
    colour_share: float = 0.7
    """Of its colours that an object keeps when it is turned or pushed."""
    colour_levels: int = 4
    """Of each channel in which colours are compared; a little light moves little."""
    front_share: float = 0.4
    """Of an object that one put before it covers at least: less is a part of its label."""
    pushed_share: float = 0.3
    """Of what has changed in an object's place that is bare when it was pushed aside, at least."""
    row_colour_share: float = 0.72
    """Of its colours, row by row, that an object keeps when it is turned."""
    most_guests: int = 8
    """Regions at the border that were taken for background and whose former background is kept."""
    hidden_share: float = 0.9
    """Of an object that another may cover before it passes for gone."""
    bump_share: float = 0.01
    """Of the picture that differs at least when the camera was bumped."""
    majority_share: float = 0.5
    """Of the picture, or of an object, that decides for the whole."""
    dark_level: float = 12.0
    """Mean grey level below which the picture shows nothing."""

    # How an object arrived (arrivals.py)

    same_overlap_share: float = 0.8
    """Of a thing that overlaps with where it was before, unless it has moved or changed its outline."""
    step_share: float = 0.15
    """Of its width or height by which a thing walks, with both of its sides the same way: no outline flickers so."""
    walker_steps: int = 2
    """Steps that a walker takes at least: a shadow that passes may move an outline once."""
    held_share: float = 0.85
    """Of a thing that was in view while an arm held it."""
    held_size_ratio: float = 1.35
    """Size of a thing with the arm that holds it, over its own, at least."""
    lost_seconds: float = 1.0
    """After which a thing out of sight is forgotten, unless it was in view in the last frame."""

    # How the background follows the scene (background.py)

    calm_share: float = 0.0005
    """Of the values that may differ in a picture in which nothing happens."""
    near_pixels: int = 4
    """Around an object, or what may be one, that do not show the scene's light."""
    steady_seconds: float = 1.0
    """For which a place must not have moved to show the scene's light."""
    lit_seconds: float = 3.0
    """After which a change of light, or of less than an object, is taken to stay."""
    settle_seconds: float = 2.0
    """After the first picture, in which all is learned again while exposure settles."""
    most_settle_seconds: float = 6.0
    """After the first picture, in which settling ends whatever the light does."""
    settle_log_gain: float = 0.2
    """Change of brightness, as a logarithm, from which on exposure is still settling."""
    update_seconds: float = 1.0
    """Between updates of the expected picture."""
    quick_updates: int = 5
    """Updates that come at once at the start."""
    follow_seconds: float = 6.0
    """Time constant with which the expected picture follows the light."""

    # What disturbs every picture (flicker.py, stabiliser.py)

    disturbed_pictures: int = 12
    """Of which more than half must be disturbed before a lamp or a shaking camera is taken off."""
    least_pictures: int = 4
    """That are enough for that at the start."""
    trouble_seconds: float = 5.0
    """For which pictures are disturbed before it is reported."""
    flicker_tolerance: float = 0.12
    """Part of the strongest gain that may be left of it in a pixel: sensors bend it, compression smears it."""
    slow_pictures: int = 5
    """Between two that are compared for bands that roll slowly."""
    flicker_share: float = 0.012
    """Of the light of a row that changes from one picture to the next where lamps flicker."""
    band_half_waves: int = 14
    """Half waves of bands in the height of the picture at most."""
    stray_row_ratio: float = 3.0
    """Error of a row over the median of all from which on it does not count for the bands."""
    told_share: float = 0.1
    """Of a row that must show the scene for its light to be told."""
    shake_pixels: float = 0.06
    """By which the picture moves from one to the next where the camera shakes."""
    most_shake_pixels: float = 1.5
    """More than this is no shaking but a bump."""

    # When a camera loses its colours (colour.py)

    coloured_levels: float = 14.0
    """By which the channels of a coloured pixel differ; by which a grey picture may be off."""
    grey_levels: float = 8.0
    """By which the channels of a grey pixel differ at most."""
    coloured_share: float = 0.02
    """Of the picture that is coloured at least: in less there is nothing to lose."""

    # When a pixel differs (reference.py)

    noise_sigmas: float = 5.0
    """Standard deviations of the noise by which a pixel differs from what is expected."""
    least_levels: float = 8.0
    """Grey levels by which a pixel must differ however quiet the sensor: compression and rounding are not noise."""
    least_dim_levels: float = 4.0
    """The same in the poorest light: what is dim differs by less."""
    dim_level: float = 90.0
    """Mean grey level of the scene below which that shrinks with the light."""
    edge_share: float = 0.3
    """Of the local contrast that is tolerated on top: edges shimmer by fractions of a pixel."""
    white_level: int = 250
    """Grey level from which on the sensor may be at its end."""

    # What light may do (illumination.py)

    darkest_gain: float = 0.35
    """Below this it is no shadow."""
    brightest_gain: float = 1.8
    """Above this it is no patch of light."""
    slight_gains: tuple[float, float] = (0.85, 1.2)
    """That what has moved or lies beside may leave on a place."""
    light_window_pixels: int = 7
    """Over which light is smooth."""
    field_pixels: tuple[int, int] = (31, 91)
    """Over which the light of the whole scene is smooth where nothing casts a shadow; and in want of others."""
    stray_share: float = 0.1
    """Of a shadow that noise and the edges of things beneath it make look otherwise."""
    contrast_share: float = 0.5
    """Of the contrast that stays beneath a change of light at least; of a lost outline's that another may have."""
    flat_variance: float = 64.0
    """In grey levels squared, below which a window tells no more of a gain than the ratio of its means."""
    sample_pixels: int = 3
    """Every third row and column is enough to judge the whole picture by."""

    # What shape an object has (masks.py)

    smallest_share: float = 0.002
    """Of the picture that an object covers at least."""
    thick_pixels: int = 5
    """Both ways, of an object at its thickest; the edges of shadows are thinner."""
    border_pixels: int = 3
    """In which an object counts as cut off."""
    large_share: float = 0.75
    """Of the picture's height or width that few products reach."""
    strong_share: float = 0.3
    """Of an object that differs strongly."""
    foot_share: float = 0.2
    """Of an object's height: what is less tall at its side is the shadow or reflection at its foot."""
    lowest_pixels: int = 5
    """The same in pixels, whatever its height."""
    restless_share: float = 0.05
    """Of a region that may flicker while it counts as still."""
    bridge_pixels: int = 9
    """Between the parts of one object that show: glass and plain labels hardly differ in places."""

    # How a clear object is completed (completion.py)

    clear_width_pixels: int = 31
    """Width of a clear object at most."""
    clear_gap_pixels: int = 17
    """Height of a gap in its outline at most."""
    clear_growth: float = 1.3
    """Height of the whole over that of its tallest part at least: less is the shadow at its foot."""
    axis_share: float = 0.25
    """Of its width by which a part may lie beside its axis."""

    # What is a mirror image in a glossy table (mirror.py)

    mirror_explained: float = 0.7
    """Part of what differs below the foot that a mirror image explains at least."""
    mirror_alike: float = 0.5
    """Correlation of its details with the object's at least."""
    mirror_share: tuple[float, float] = (0.1, 0.75)
    """How much of the object a table shows."""
    mirror_height: float = 0.8
    """Part of the object's height that its whole mirror image has at least."""
    mirror_reach: float = 0.25
    """The same, where the border of the picture cuts the mirror image off."""

    # What moves (motion.py)

    beside_pixels: int = 6
    """Around an object in which nothing may move."""
    shimmer_share: float = 0.1
    """Of the contrast at an edge that a camera's tremble changes in it; who stands there sways by more."""
    shaken_shimmer_share: float = 0.35
    """The same, of a picture that a shaking camera took: it is held still to a part of a pixel only."""
    stir_share: float = 0.15
    """Of an object's outline that may flicker while it rests: who sways or breathes moves more of it."""

    # Where the camera looks after a bump (registration.py)

    least_shift_pixels: float = 0.1
    """By which a bump moves a corner of the picture at least."""
    most_shift_share: float = 0.25
    """Of the picture's width by which it moves a corner at most."""

    # How seldom and how coarsely an empty scene is looked at (isolator.py, change_gate.py)

    glance_seconds: float = 0.08
    """Between glances while nothing happens: every frame of a camera that gives ten a second, every third of 30."""
    widest_pixels: int = 255
    """Of the small picture; halving exactly is four times as fast as shrinking to any other size."""
    glance_rows: int = 120
    """That a glance reads at least, if there are as many; more would be seen no sooner."""
    glance_noise_ratio: float = 2.0
    """Noise of a glance over that of the small picture: it averages 4 pixels, not 16, and compares two frames."""
