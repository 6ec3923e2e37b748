"""What a bank is expected to give, as a table and sentences for people, as JSON, and as a plot."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from math import log10

import cv2
import numpy as np

from edge.images.lettering import write_text
from edge.recognition.expected import Confused, Expected, Share
from edge.text import count, printable
from edge.types import Image

MOST_LINES = 10
"""Pairs and products that are printed; JSON has all."""

LOW = 0.5
"""The share of a product's photos named right below which it is printed."""

WIDTH, HEIGHT = 900, 560
LEFT, RIGHT, TOP, BOTTOM = 80, 250, 40, 70
INK, GRID = (40, 40, 40), (225, 225, 225)
CURVES = {
    "right": ("named right", (0, 114, 178)),
    "wrong": ("named wrong", (213, 94, 0)),
    "look_alikes": ("look-alikes named", (204, 121, 167)),
    "others": ("other things named", (0, 158, 115)),
}
"""Of each curve the label and the colour; those of Okabe and Ito, which the colour-blind can tell apart."""


def in_words(installed: Expected) -> str:
    """Given what the installed decision is expected to give, return it in a sentence."""
    named, wrong = installed.right.value + installed.wrong.value, installed.wrong.value
    placements = "of your products no estimate can be made: each has one photo"
    if installed.right.trials:
        placements = f"of 100 placements of your products about {_of_100(named)} are named, {_of_100(wrong)} wrongly"
    return f"{placements}; of 100 other things {_of_100(installed.others.value)} is taken for a product"


def as_lines(curve: Sequence[Expected], installed: Expected, confused: Sequence[Confused]) -> list[str]:
    """Given the points of the table, the installed one and the pairs not told apart, return the lines to print."""
    lines = ["false accepts  named right           named wrong           look-alikes named     other things named"]
    for each in curve:
        shares = (each.right, each.wrong, each.look_alikes, each.others)
        mark = "  <- installed" if each == installed else ""
        lines.append(
            f"{100 * each.false_accepts:10.3g} %  {'  '.join(f'{_share(s):20}' for s in shares)}{mark}".rstrip()
        )
    lines += ["", f"{in_words(installed)}.", ""]
    lines += [
        f"{printable(each.product)} is not told apart from {printable(each.other)}: {each.photos} of "
        f"{count(each.trials, 'photo')} nearer to it"
        for each in confused[:MOST_LINES]
    ] or ["every photo is nearest to its own product"]
    low = sorted((s.value, name) for name, s in installed.products.items() if s.trials and s.value < LOW)
    lines += [
        f"{printable(name)}: {_of_100(value)} % of its photos are named right; add photos of other sides"
        for value, name in low[:MOST_LINES]
    ]
    single = sum(not share.trials for share in installed.products.values())
    if single:
        lines.append(f"{count(single, 'product')} with one photo: not estimated; three more would tell")
    return lines


def as_json(curve: Sequence[Expected], installed: Expected, confused: Sequence[Confused]) -> str:
    """Given the same, return it as JSON; shares in [0, 1], `null` where nothing was tried."""
    plain = {
        "installed": asdict(installed),
        "words": in_words(installed),
        "table": [{k: v for k, v in asdict(each).items() if k != "products"} for each in curve],
        "not_told_apart": [asdict(each) for each in confused],
    }
    return json.dumps(_without_nan(plain), ensure_ascii=False, allow_nan=False)


def plot(curve: Sequence[Expected], installed: Expected) -> Image:
    """Given the points of the table, draw the shares with their intervals over the false accepts, as RGB."""
    picture = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    lowest, highest = log10(curve[0].false_accepts), log10(curve[-1].false_accepts)
    across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(false_accepts: float) -> int:
        return round(LEFT + across * (log10(false_accepts) - lowest) / (highest - lowest))

    def y(share: float) -> int:
        return round(TOP + up * (1 - share))

    for percent in range(0, 101, 20):
        cv2.line(picture, (LEFT, y(percent / 100)), (LEFT + across, y(percent / 100)), GRID)
        write_text(picture[y(percent / 100) - 12 : y(percent / 100) + 12, 20:LEFT], f"{percent} %", 16, INK)
    for each in curve:
        at = x(each.false_accepts)
        cv2.line(picture, (at, TOP), (at, TOP + up), GRID)
        write_text(picture[TOP + up + 6 : TOP + up + 30, at - 22 : at + 40], f"{100 * each.false_accepts:g} %", 14, INK)
    write_text(picture[-32:-8, LEFT:], "share of other things that may be named (match.false_accepts)", 16, INK)
    for row, (name, (label, colour)) in enumerate(CURVES.items()):
        shares: list[Share] = [getattr(each, name) for each in curve]
        if not shares[0].trials:
            continue
        points = [(x(each.false_accepts), y(share.value)) for each, share in zip(curve, shares, strict=True)]
        cv2.polylines(picture, [np.array(points, np.int32)], False, colour, 2, cv2.LINE_AA)
        for (at, middle), share in zip(points, shares, strict=True):
            cv2.line(picture, (at, y(share.low)), (at, y(share.high)), colour, 1, cv2.LINE_AA)
            cv2.circle(picture, (at, middle), 4, colour, -1, cv2.LINE_AA)
        write_text(picture[TOP + 30 * row : TOP + 30 * row + 24, WIDTH - RIGHT + 24 :], label, 16, colour)
    if curve[0].false_accepts <= installed.false_accepts <= curve[-1].false_accepts:
        at = x(installed.false_accepts)
        cv2.line(picture, (at, TOP), (at, TOP + up), INK, 1, cv2.LINE_AA)
        write_text(picture[TOP - 28 : TOP - 4, at - 30 :], "installed", 14, INK)
    return picture


def _of_100(share: float) -> str:
    """A share in whole percent; one above none is never 0."""
    return "fewer than 1" if 0 < share < 0.005 else str(round(100 * share))


def _share(share: Share) -> str:
    if not share.trials:
        return "-"
    return f"{100 * share.value:.1f} % ({100 * share.low:.1f}-{100 * share.high:.1f})"


def _without_nan(plain: object) -> object:
    if isinstance(plain, dict):
        return {key: _without_nan(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_without_nan(value) for value in plain]
    return None if isinstance(plain, float) and plain != plain else plain
