"""What has become of the place of an object: whether it is bare, and whether another object was put before it."""

import numpy as np

from edge.isolation import illumination
from edge.isolation.background import Comparison
from edge.isolation.downscale import Mask, bounds
from edge.isolation.histogram import rowwise_likeness
from edge.isolation.masks import grown, share
from edge.isolation.reference import Layer, Reference
from edge.types import Image


def bare_share(scene: Reference, visible: Mask, view: Comparison, beneath: Image) -> float:
    """Given the visible part of an object and what lies beneath it in the light of the view, return its bare part.

    In [0, 1], of the pixels that tell the two apart.
    """
    allowed = scene.allowed(beneath).below[visible].max(1)
    now, seen, hidden = (picture[visible].astype(np.float32) for picture in (view.small, view.expected, beneath))
    telling = np.abs(seen - hidden).max(1) > allowed
    stays, goes = (illumination.residual(now[telling], then[telling], scene.settings) for then in (seen, hidden))
    return share((goes < stays) & (goes <= 2.0 * allowed[telling]), np.ones(len(goes), np.bool_))


def is_part(scene: Reference, layer: Layer, mask: Mask) -> bool:
    """Whether a region is a part of an object that was missed, such as a label of the colour of what it hid."""
    box, settings = layer.box, scene.settings
    inside = np.zeros_like(mask)
    inside[box.y : box.y + box.height, box.x : box.x + box.width] = True
    small = np.count_nonzero(mask) < settings.front_share * np.count_nonzero(layer.mask)
    beside = bool((grown(mask, 1) & layer.mask).any()) and share(layer.mask, mask) < settings.majority_share
    return bool(small and beside and share(inside, mask) > settings.bare_share)


def is_before(scene: Reference, layer: Layer, mask: Mask, view: Comparison, beneath: Image) -> bool:
    """Whether a region within an object is another one that was put before it: it has other colours, row by row.

    It stands nearer to the camera, so its foot is no higher in the picture. What is turned keeps its colours in each
    row, since it stands upright; what is pushed aside leaves a part of its place bare; and what is swapped leaves
    nothing of the old one in view.
    """
    settings, visible = scene.settings, scene.visible(layer)
    new, old = bounds(mask), layer.box
    higher = new.y + new.height < old.y + old.height
    covered = share(mask, visible)
    if higher or not settings.front_share < covered <= settings.hidden_share:
        return False
    here = mask & visible
    bare = ~illumination.differs(view.small, beneath, scene.allowed(beneath))
    if share(bare, here) > settings.pushed_share:
        return False
    alike = rowwise_likeness(scene.seen, here, view.plain, here, settings.colour_levels)
    return alike < settings.row_colour_share
