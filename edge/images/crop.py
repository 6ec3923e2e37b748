"""The picture of one object, cut from a frame; probes and enrollment photos use this same cut."""

from edge.types import Box, Image

MARGIN = 0.05
"""Of the box's longer side, on every side: a box from a small frame may cut an edge off."""


def crop(image: Image, box: Box, margin: float = MARGIN) -> Image:
    """Given a frame's RGB picture and a box in its pixels, return a view of the box and a margin around it.

    margin: on every side, as a part of the box's longer side. The part of the box outside the picture is left out; a
    box wholly outside gives an empty view.
    """
    beyond = round(margin * max(box.width, box.height))
    top, left = max(0, box.y - beyond), max(0, box.x - beyond)
    bottom, right = max(0, box.y + box.height + beyond), max(0, box.x + box.width + beyond)
    return image[top:bottom, left:right]
