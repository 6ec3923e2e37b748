"""The picture of one object, cut from a frame; probes and enrollment photos use this same cut."""

from collections.abc import Sequence

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


EDGE = 0.01
"""Of the frame's longer side, at its border: what reaches into it may go on outside, as an arm does."""


def alone(image: Image, boxes: Sequence[Box]) -> Box | None:
    """Given a frame's RGB picture and where things stand in it, return the box of the only one, clear of the border.

    Else None: a hand comes from the border, and is one region with what it holds.
    """
    if len(boxes) != 1:
        return None
    (box,), (height, width) = boxes, image.shape[:2]
    edge = round(EDGE * max(width, height))
    inside = box.x > edge and box.y > edge and box.x + box.width < width - edge and box.y + box.height < height - edge
    return box if inside else None
