"""From one small picture after another to what was placed, is seen and was removed; see `isolator.py`."""

import logging
from dataclasses import dataclass
from typing import Literal

import numpy as np

from edge.isolation.arrivals import Arrivals
from edge.isolation.background import BackgroundModel, Comparison
from edge.isolation.downscale import Mask
from edge.isolation.histogram import likeness
from edge.isolation.illumination import is_ghost
from edge.isolation.masks import at_border, grown, is_large, share
from edge.isolation.mirror import without_mirror_image
from edge.isolation.occlusion import bare_share, is_before, is_part
from edge.isolation.reference import Layer, Reference
from edge.types import Box, Image

log = logging.getLogger(__name__)


Kind = Literal["placed", "seen", "changed", "removed"]
Happening = tuple[Kind, int, Box]
"""What happened, the track's number and its box in the small picture."""


@dataclass(slots=True)
class _Track:
    layer: Layer
    bare_since: float | None = None
    glimpsed: bool = False
    """Whether what it hides was in view since it was last seen."""


class Tracker:
    """Follows the objects of a scene, which it keeps up to date.

    next: the number of the next track. calm: whether nothing differed in the last picture.
    """

    def __init__(self, scene: Reference, small: Image, t: float, first: int, settled: bool) -> None:
        """Given the scene, the first picture and the first track's number, begin with nothing placed.

        settled: the scene was learned before; else it is learned from this picture on.
        """
        self._scene, self._settings = scene, scene.settings
        self._background = BackgroundModel(scene, small, t, settled)
        self._arrivals = Arrivals(scene.settings)
        self._tracks: list[_Track] = []
        self.next = first
        self._guests = 0
        self.calm = False

    def step(self, small: Image, t: float) -> list[Happening]:
        """Given the next picture, return what happened."""
        self.calm = self._background.is_calm(small)
        if self.calm:
            self._background.rest(t)
        elif small.mean() >= self._settings.dark_level:
            small = self._background.steady(small, t)
            self.calm = self._background.is_calm(small)
        if self.calm:
            self._background.learn_calm(small, t)
            return self._unchanged(t)
        if small.mean() < self._settings.dark_level:
            return []
        if not self._tracks and self._background.is_settling(small, t):
            self._background.relearn(small, t)
            return []
        return self._busy(self._background.view(small, t))

    def unchanged(self, t: float) -> list[Happening]:
        """Given that nothing differs in the next picture, return what is seen."""
        self._background.rest(t)
        return self._unchanged(t)

    def _unchanged(self, t: float) -> list[Happening]:
        self._arrivals.note([], t)
        for track in self._tracks:
            track.bare_since, track.glimpsed = None, False
        return self._report("seen", self._tracks)

    @property
    def trouble(self) -> str | None:
        """What disturbs every picture, in one line; None if nothing does."""
        return self._background.trouble

    def is_due(self, t: float) -> bool:
        """Whether the next picture must be looked at, whatever it shows: something differs, or it is time to learn."""
        return not self.calm or self._background.is_due(t)

    def close(self) -> list[Happening]:
        """Remove all there is."""
        return self._remove(list(self._tracks))

    def _busy(self, view: Comparison) -> list[Happening]:
        background = self._background
        settings = self._settings
        everything: Mask = np.logical_or.reduce([np.zeros_like(view.odd), *view.masks])
        covered = everything.mean() > settings.majority_share
        if covered and background.rests(everything, view, settings.view_rest_seconds) and not background.realign(view):
            log.info("the view has changed: learning the scene again")
            gone = self.close()
            background.relearn(view.small, view.t)
            return gone
        resting = [mask for mask in view.masks if background.rests(mask, view, settings.rest_seconds)]
        self._arrivals.note(view.masks, view.t)
        ready = [mask for mask in resting if self._is_ready(mask, view)]
        bare = [track for track in self._tracks if self._is_bare(track, view)]
        due = view.odd.mean() > settings.bump_share and view.t - background.aligned > settings.rest_seconds
        still = due and background.rests(view.odd, view, settings.rest_seconds)
        if (ready or bare or still) and not self._is_explained(bare, view) and background.realign(view):
            return []
        standing = [track for track in self._tracks if track not in bare]
        happened = self._remove(bare)
        if not bare:  # else the next picture is compared with the scene as it is then
            for mask in ready:
                happened += self._settle(mask, view)
        happened += self._report("seen", [track for track in standing if self._is_intact(track, view)])
        for mask in resting:
            if at_border(mask, settings) and not any(mask is each for each in ready):
                self._settle_at_border(mask, view)
        background.learn(view)
        return happened

    def _is_ready(self, mask: Mask, view: Comparison) -> bool:
        """Whether what rests there is an object, and no arm or person, or a place that something has left.

        What has just come into view does not rest, though it may not have moved: it may be a change of light.
        """
        if (
            at_border(self._body(mask, view), self._settings)
            or self._arrivals.age(mask, view.t) < self._settings.rest_seconds
        ):
            return False
        if is_ghost(view.small, view.expected, mask, self._settings):
            return True
        if self._arrivals.walked(mask):
            return self._background.rests(mask, view, self._settings.walker_rest_seconds)
        return not is_large(mask, self._settings) or self._background.rests(
            mask, view, self._settings.large_rest_seconds
        )

    def _is_intact(self, track: _Track, view: Comparison) -> bool:
        if track not in self._tracks:
            return False
        visible = self._scene.visible(track.layer)
        enough = share(visible, track.layer.mask) > self._settings.majority_share
        return enough and share(view.odd, visible) <= self._settings.odd_share

    def _is_bare(self, track: _Track, view: Comparison) -> bool:
        """Whether the place of an object has looked for a while like what it hid."""
        visible = self._scene.visible(track.layer)
        if share(view.odd, visible) <= self._settings.odd_share:
            track.bare_since, track.glimpsed = None, False
            return False
        beneath = self._background.lit(self._scene.without(track.layer))
        bare = bare_share(self._scene, visible, view, beneath)
        track.glimpsed |= bare > self._settings.glimpse_share
        if bare <= self._settings.bare_share:
            track.bare_since = None
        elif track.bare_since is None:
            track.bare_since = view.t
        return track.bare_since is not None and view.t - track.bare_since >= self._settings.bare_seconds

    def _is_explained(self, bare: list[_Track], view: Comparison) -> bool:
        """Whether what is odd is where objects have left: on a plain wall, a bump might fit as well."""
        left = [grown(track.layer.mask, self._settings.beside_pixels) for track in bare]
        return bool(left) and share(np.logical_or.reduce(left), view.odd) > self._settings.bare_share

    def _settle(self, mask: Mask, view: Comparison) -> list[Happening]:
        """Given a region that differs and rests, make it part of the scene."""
        settings = self._settings
        hidden = {track.layer.track: share(grown(mask, 1), self._scene.visible(track.layer)) for track in self._tracks}
        for track in self._tracks:
            place = grown(self._scene.visible(track.layer), 1)
            covers = not track.glimpsed and share(place, mask) > settings.majority_share
            beneath = self._background.lit(self._scene.without(track.layer))
            if covers and not is_before(self._scene, track.layer, mask, view, beneath):
                return self._turn(track, mask, view)
        if is_ghost(view.small, view.expected, mask, self._settings):
            covered = [track for track in self._tracks if hidden[track.layer.track] > settings.majority_share]
            gone = self._remove(covered)
            self._absorb(mask, view)
            return gone
        for track in self._tracks:
            enough = settings.majority_share if track.glimpsed else settings.hidden_share
            if hidden[track.layer.track] > enough:
                return self._remove([track])  # and the next picture shows a new object where it stood
        for track in self._tracks:
            if is_part(self._scene, track.layer, mask):
                self._scene.extend(track.layer, mask, view.plain, view.blown)
                return []
        body = self._body(mask, view)
        track = _Track(self._scene.add(self.next, mask, view.plain, view.blown, body))
        self.next += 1
        self._tracks.append(track)
        return self._report("placed", [track])

    def _body(self, mask: Mask, view: Comparison) -> Mask:
        return without_mirror_image(mask, view.small, view.expected, self._settings)

    def _absorb(self, mask: Mask, view: Comparison) -> None:
        self._scene.show(grown(mask, 2), view.plain, view.blown)

    def _turn(self, track: _Track, mask: Mask, view: Comparison) -> list[Happening]:
        """Given an object that looks otherwise, or stands a little aside, see it as it is now."""
        found = self._background.objects_before(self._scene.without(track.layer), view)
        either = mask | track.layer.mask
        place = max(found, key=lambda new: np.count_nonzero(new & either), default=np.zeros_like(mask))
        if at_border(place, self._settings) and not at_border(mask, self._settings):
            return []  # a hand holds it
        size = np.count_nonzero(grown(place, 1)) / np.count_nonzero(track.layer.mask)
        levels = self._settings.colour_levels
        alike = likeness(self._scene.seen, self._scene.visible(track.layer), view.plain, place, levels)
        other_size = not self._settings.size_share < size < 1 / self._settings.size_share
        elsewhere = share(place, track.layer.mask) < self._settings.majority_share
        if elsewhere or other_size or alike < self._settings.colour_share:
            return self._remove([track])
        self._scene.remove(track.layer)
        body = self._body(place, view)
        track.layer = self._scene.add(track.layer.track, place, view.plain, view.blown, body)
        return self._report("changed", [track])

    def _settle_at_border(self, mask: Mask, view: Comparison) -> None:
        """Given a region at the border that rests, take it for background: at once if something has left it."""
        settings, rests = self._settings, self._background.rests
        if rests(mask, view, settings.border_rest_seconds):
            guests = [track for track in self._tracks if track.layer.is_guest]
            if len(guests) >= settings.most_guests:
                self._scene.keep(guests[0].layer)
                self._tracks.remove(guests[0])
            self._guests += 1
            self._tracks.append(_Track(self._scene.add(-self._guests, mask, view.plain, view.blown)))
        elif rests(mask, view, settings.large_rest_seconds) and is_ghost(view.small, view.expected, mask, settings):
            self._absorb(mask, view)

    def _remove(self, tracks: list[_Track]) -> list[Happening]:
        uncovered: list[_Track] = []
        for track in tracks:
            behind = self._tracks[: self._tracks.index(track)]
            uncovered += [other for other in behind if (other.layer.mask & track.layer.mask).any()]
            self._scene.remove(track.layer)
            self._tracks.remove(track)
        uncovered = [track for track in self._tracks if track in uncovered]
        return self._report("removed", tracks) + self._report("changed", uncovered)

    def _report(self, kind: Kind, tracks: list[_Track]) -> list[Happening]:
        return [(kind, track.layer.track, track.layer.box) for track in tracks if not track.layer.is_guest]
