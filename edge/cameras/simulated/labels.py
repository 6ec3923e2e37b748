"""What is printed on the products: a drawing each, on a label that is wound twice around, front and back."""

from collections.abc import Callable

import cv2
import numpy as np

from edge.cameras.simulated.sprites import Colour
from edge.types import Image

Label = Callable[[Image], None]
"""Draws on half a label, (SIDE, SIDE, 3)."""

SIDE = 300
"""Pixels of half a label, which goes once over the front."""

WHITE, BLACK = (245, 243, 238), (24, 22, 24)


def _points(*points: tuple[float, float]) -> list[np.ndarray[tuple[int, int], np.dtype[np.int32]]]:
    return [np.array(np.rint(np.array(points) * SIDE), np.int32)]


def _write(on: Image, text: str, y: float, width: float, colour: Colour, thick: int = 5, slanted: bool = False) -> None:
    """Write in the middle, so wide and with the foot at y, as parts of the label."""
    font = cv2.FONT_HERSHEY_DUPLEX | (cv2.FONT_ITALIC if slanted else 0)
    natural = cv2.getTextSize(text, font, 1.0, thick)[0][0]
    scale = width * SIDE / natural
    left = round((1 - width) / 2 * SIDE)
    cv2.putText(on, text, (left, round(y * SIDE)), font, scale, colour, thick, cv2.LINE_AA)


def _disc(on: Image, x: float, y: float, radius: float, colour: Colour, thick: int = cv2.FILLED) -> None:
    cv2.circle(on, (round(x * SIDE), round(y * SIDE)), round(radius * SIDE), colour, thick, cv2.LINE_AA)


def _band(on: Image, top: float, bottom: float, colour: Colour) -> None:
    on[round(top * SIDE) : round(bottom * SIDE)] = colour


def _star(on: Image, x: float, y: float, outer: float, points: int, colour: Colour, inner: float = 0.45) -> None:
    angles = np.arange(2 * points) * np.pi / points - np.pi / 2
    radii = outer * np.where(np.arange(2 * points) % 2, inner, 1.0)
    cv2.fillPoly(on, _points(*zip(x + radii * np.cos(angles), y + radii * np.sin(angles), strict=True)), colour, 16)


def water(on: Image) -> None:
    """A snowy mountain over waves."""
    on[:] = (236, 246, 252)
    cv2.fillPoly(on, _points((0.12, 0.58), (0.42, 0.12), (0.6, 0.38), (0.7, 0.26), (0.92, 0.58)), (40, 110, 190), 16)
    cv2.fillPoly(on, _points((0.42, 0.12), (0.34, 0.25), (0.42, 0.22), (0.5, 0.24)), WHITE, 16)
    across = np.linspace(0, 1, 40)
    for row, colour in ((0.62, (20, 80, 170)), (0.82, (70, 170, 220))):
        wave = list(zip(across, row + 0.03 * np.sin(4 * np.pi * across), strict=True))
        cv2.fillPoly(on, _points(*wave, (1, 1), (0, 1)), colour, 16)
    _write(on, "FJORD", 0.78, 0.62, WHITE)


def cola(on: Image) -> None:
    """A white swash on red."""
    on[:] = (196, 16, 28)
    across = np.linspace(0, 1, 40)
    upper, lower = 0.74 - 0.12 * np.sin(2 * np.pi * across), 0.82 - 0.12 * np.sin(2 * np.pi * across + 0.3)
    cv2.fillPoly(on, _points(*zip(across, upper, strict=True), *zip(across[::-1], lower[::-1], strict=True)), WHITE, 16)
    _write(on, "Roda", 0.5, 0.72, WHITE, 12, slanted=True)
    _write(on, "cola", 0.97, 0.2, WHITE, 3)


def orange(on: Image) -> None:
    """Slices of fruit and leaves on white."""
    on[:] = (250, 246, 226)
    for x, y, radius in ((0.3, 0.4, 0.24), (0.74, 0.52, 0.2)):
        _disc(on, x, y, radius, (240, 130, 10))
        _disc(on, x, y, radius * 0.86, (253, 224, 150))
        for angle in np.arange(8) * np.pi / 4:
            far = x + 0.72 * radius * np.cos(angle - 0.3), y + 0.72 * radius * np.sin(angle - 0.3)
            near = x + 0.72 * radius * np.cos(angle + 0.3), y + 0.72 * radius * np.sin(angle + 0.3)
            cv2.fillPoly(on, _points((x, y), far, near), (247, 150, 20), 16)
    cv2.ellipse(on, (round(0.56 * SIDE), round(0.16 * SIDE)), (40, 16), -25, 0, 360, (50, 140, 50), -1, 16)
    _band(on, 0.78, 1.0, (30, 120, 60))
    _write(on, "SOLANA", 0.94, 0.7, WHITE)


def lager(on: Image) -> None:
    """A red star in a wreath on cream."""
    on[:] = (240, 226, 186)
    _band(on, 0.0, 0.08, (150, 20, 24))
    _band(on, 0.92, 1.0, (150, 20, 24))
    _disc(on, 0.5, 0.36, 0.25, (20, 80, 44), 9)
    _star(on, 0.5, 0.37, 0.2, 5, (200, 24, 30), 0.4)
    _write(on, "HELLES", 0.79, 0.78, (20, 60, 34), 7)
    _write(on, "1 8 7 2", 0.89, 0.4, (150, 20, 24), 2)


def soup(on: Image) -> None:
    """Red above white, a gold medal between."""
    on[:] = WHITE
    _band(on, 0.0, 0.5, (190, 24, 22))
    _write(on, "Farms", 0.3, 0.62, WHITE, 8, slanted=True)
    _disc(on, 0.5, 0.5, 0.15, (214, 170, 60))
    _disc(on, 0.5, 0.5, 0.11, (170, 120, 30), 4)
    _write(on, "TOMATO", 0.79, 0.66, (190, 24, 22), 6)
    _write(on, "soup", 0.93, 0.24, BLACK, 3)


def honey(on: Image) -> None:
    """A bee on honeycombs."""
    on[:] = (252, 206, 52)
    for row in range(6):
        for column in range(6):
            x, y = (column + row % 2 / 2) * 0.2, row * 0.175
            angles = np.arange(6) * np.pi / 3 + np.pi / 6
            cell = _points(*zip(x + 0.11 * np.cos(angles), y + 0.11 * np.sin(angles), strict=True))
            cv2.polylines(on, cell, True, (214, 140, 16), 5, 16)
    cv2.ellipse(on, (150, 105), (72, 46), 0, 0, 360, (250, 190, 20), -1, 16)
    for x in (105, 140, 175):
        cv2.line(on, (x, 68), (x, 142), BLACK, 15, 16)
    cv2.ellipse(on, (130, 58), (44, 20), 30, 0, 360, (236, 240, 246), -1, 16)
    _band(on, 0.6, 0.86, BLACK)
    _write(on, "HONEY", 0.8, 0.7, (252, 206, 52), 7)


def jam(on: Image) -> None:
    """Berries on a white paper label."""
    on[:] = (250, 240, 246)
    cv2.rectangle(on, (8, 8), (SIDE - 9, SIDE - 9), (120, 20, 90), 5, 16)
    for x, y in ((0.3, 0.3), (0.5, 0.22), (0.7, 0.3), (0.4, 0.44), (0.6, 0.44)):
        _disc(on, x, y, 0.11, (92, 24, 130))
        _disc(on, x - 0.03, y - 0.04, 0.03, (190, 140, 220))
    _write(on, "BERRY", 0.76, 0.7, (120, 20, 90), 7)
    _write(on, "preserve", 0.9, 0.44, (120, 20, 90), 2)


def bolt(on: Image) -> None:
    """A green flash on black."""
    on[:] = (18, 20, 26)
    flash = (0.58, 0.06), (0.24, 0.5), (0.46, 0.5), (0.36, 0.84), (0.78, 0.36), (0.54, 0.36)
    cv2.fillPoly(on, _points(*flash), (120, 240, 40), 16)
    _write(on, "VOLT", 0.97, 0.5, (120, 240, 40), 6)


def mustard(on: Image) -> None:
    """Brown letters in an oval."""
    on[:] = (246, 200, 30)
    cv2.ellipse(on, (150, 150), (132, 84), 0, 0, 360, (110, 54, 16), -1, 16)
    cv2.ellipse(on, (150, 150), (120, 72), 0, 0, 360, (250, 226, 130), 5, 16)
    _write(on, "DIJON", 0.58, 0.66, (250, 226, 130), 7)


def milk(on: Image) -> None:
    """The spots of a cow."""
    on[:] = WHITE
    for x, y, wide, high, angle in ((70, 60, 62, 40, 20), (232, 110, 52, 66, -30), (90, 246, 80, 38, 10)):
        cv2.ellipse(on, (x, y), (wide, high), angle, 0, 360, (30, 30, 36), -1, 16)
    _write(on, "MILK", 0.66, 0.6, (20, 90, 190), 12)


def tea(on: Image) -> None:
    """Golden diamonds on teal."""
    on[:] = (10, 110, 110)
    for column in range(7):
        x = column / 6
        for y in (0.12, 0.88):
            cv2.fillPoly(on, _points((x - 0.06, y), (x, y - 0.09), (x + 0.06, y), (x, y + 0.09)), (224, 186, 90), 16)
    _disc(on, 0.5, 0.5, 0.26, (240, 226, 190))
    _star(on, 0.5, 0.44, 0.15, 8, (180, 60, 30))
    _write(on, "CHAI", 0.7, 0.3, (10, 80, 80), 4)


def wine(on: Image) -> None:
    """A plain paper with a crest."""
    on[:] = (236, 230, 214)
    cv2.fillPoly(on, _points((0.38, 0.1), (0.62, 0.1), (0.62, 0.32), (0.5, 0.44), (0.38, 0.32)), (96, 12, 30), 16)
    cv2.line(on, (120, 160), (180, 160), (180, 150, 90), 3, 16)
    _write(on, "RIBERA", 0.72, 0.72, BLACK, 5)
    _write(on, "reserva 2019", 0.88, 0.54, (96, 12, 30), 2)
