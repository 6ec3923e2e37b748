"""Draws a product as a solid of revolution: its texture wound around its profile, lit from the upper left."""

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from edge.cameras.simulated.labels import SIDE
from edge.cameras.simulated.products import Product
from edge.cameras.simulated.sprites import Floats, Sprite, sprite
from edge.types import Image

TILT = 0.16
"""How far the camera looks down: the height of a circle on the table, as a part of its width."""

FINE = 2
"""Times by which a product is drawn larger, for soft edges."""

STEP = np.pi / 36
"""Radians between the sides from which a product is drawn."""

LAMP, WINDOW = -0.6, 0.85
"""Radians to the side at which the lamp and the window are reflected."""


class _Solid(NamedTuple):
    """What does not depend on the side: where in the texture each pixel lies, its light, and what it covers."""

    around: Floats
    down: Floats
    light: Floats
    shine: Floats
    cover: Floats
    anchor: tuple[int, int]


@lru_cache(maxsize=64)
def standing(product: Product, height: int, side: int) -> Sprite:
    """Given the picture's height, return the product, turned by so many steps; its anchor is the middle of its foot."""
    solid = _solid(product, height)
    texture = _texture(product, height)
    rows, columns = texture.shape[:2]
    turned = np.asarray((solid.around + np.float32(side * STEP / (2 * np.pi))) % 1.0, np.float32) * (columns - 1)
    skin = cv2.remap(texture, turned, solid.down * (rows - 1), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    colour = np.asarray(skin * solid.light[..., None] + solid.shine[..., None] * (255.0, 250.0, 240.0), np.float32)
    size = solid.cover.shape[1] // FINE, solid.cover.shape[0] // FINE
    small = cv2.resize(np.clip(colour, 0, 255), size, interpolation=cv2.INTER_AREA)
    cover = cv2.resize(solid.cover, size, interpolation=cv2.INTER_AREA)
    return sprite(np.asarray(small, np.float32), np.asarray(cover, np.float32), solid.anchor)


@lru_cache(maxsize=64)
def thrown(product: Product, height: int, lift: int) -> Sprite:
    """Given the picture's height, return the product's shadow on the table, with it so many pixels above."""
    wide = max(r for _, r in product.profile) * product.height * height
    flat = round(2.2 * wide), max(2, round(2.2 * wide * TILT))
    pad = round(wide * 1.5)
    dark: Floats = np.zeros((2 * pad + 2 * flat[1], 2 * pad + 2 * flat[0]), np.float32)
    middle = dark.shape[1] // 2, dark.shape[0] // 2
    cv2.ellipse(dark, middle, (round(1.04 * wide), max(1, round(1.1 * wide * TILT))), 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(dark, (0, 0), 0.5 + 0.02 * wide + lift / 8)
    beside = (middle[0] + round(0.7 * wide + lift / 3), middle[1])
    cv2.ellipse(dark, beside, (round(1.4 * wide), max(1, round(wide * TILT))), 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    far = cv2.GaussianBlur(dark, (0, 0), 0.16 * wide + lift / 5)
    fade = 1 / (1 + 6 * lift / height)
    return sprite(np.zeros(3, np.float32), np.asarray(fade * np.maximum(0.55 * soft, 0.38 * far), np.float32), middle)


@lru_cache(maxsize=32)
def _solid(product: Product, height: int) -> _Solid:
    tall = FINE * product.height * height
    heights, radii = (np.array(column, np.float32) for column in zip(*product.profile, strict=True))
    widest = float(radii.max()) * tall
    above, below = TILT * radii[0] * tall + 2 * FINE, TILT * radii[-1] * tall + 2 * FINE
    size = FINE * (int(2 * widest / FINE) // 2 * 2 + 5), FINE * int((tall + above + below) / FINE + 1)
    x = np.arange(size[0], dtype=np.float32)[None] - (size[0] - 1) / 2
    y = np.arange(size[1], dtype=np.float32)[:, None] - above
    down = np.broadcast_to(y, (size[1], size[0])) / tall
    for _ in range(4):  # what is in front lies lower in the picture: find the height that is seen at each pixel
        radius = np.interp(down, heights, radii).astype(np.float32) * tall
        bulge = np.sqrt(np.maximum(0, 1 - (x / radius) ** 2))
        down = (y - TILT * radius * bulge) / tall
    radius = np.interp(down, heights, radii).astype(np.float32) * tall
    across = np.clip(x / radius, -1, 1)
    lid = (x / (radii[0] * tall)) ** 2 + (y / (TILT * radii[0] * tall)) ** 2
    on_lid = (lid <= 1) & (down < 0)
    cover = ((np.abs(x) <= radius) & (down >= 0) & (down <= 1)) | on_lid
    angle, bulge = np.arcsin(across), np.sqrt(1 - across**2)
    upward = np.clip(np.gradient(np.interp(down, heights, radii), axis=0) * tall, -1, 1)
    light = 0.34 + 0.72 * np.maximum(0, np.cos(angle - LAMP)) ** 0.9 + 0.22 * upward
    light = light * (0.55 + 0.45 * bulge**0.35) + product.clear * 0.25 * np.exp(-(((angle - WINDOW) / 0.35) ** 2))
    fade = np.clip(np.minimum((down - 0.03) / 0.06, (0.97 - down) / 0.08), 0, 1)
    shine = 0.5 * np.exp(-(((angle - LAMP) / 0.11) ** 2)) + 0.2 * np.exp(-(((angle - WINDOW) / 0.08) ** 2))
    shine = product.gloss * shine * fade * np.where(np.abs(down - 0.5) < 0.008, 0.6, 1)
    light, shine = np.where(on_lid, 1.08, light), np.where(on_lid, 0.06, shine)
    anchor = (size[0] // FINE) // 2, round((above + tall) / FINE)
    around = np.where(on_lid, 0.0, angle / (2 * np.pi))
    layers = [np.asarray(layer, np.float32) for layer in (around, np.clip(down, 0, 1), light, shine, cover)]
    return _Solid(layers[0], layers[1], layers[2], layers[3], layers[4], anchor)


@lru_cache(maxsize=32)
def _texture(product: Product, height: int) -> Image:
    """The whole skin, unrolled, as large as it is drawn; the first column comes again at the end."""
    rows = round(FINE * product.height * height)
    columns = round(2 * np.pi * max(radius for _, radius in product.profile) * rows)
    skin: Image = np.empty((rows, columns, 3), np.uint8)
    skin[:] = product.body
    skin[: round(product.cap_end * rows)] = product.cap
    ribs = np.arange(columns) // max(2, columns // 72) % 2 == 0
    skin[round(0.2 * product.cap_end * rows) : round(0.8 * product.cap_end * rows), ribs] = [
        round(0.8 * level) for level in product.cap
    ]
    if product.clear:  # the level of what is in it, below the neck
        empty = slice(round(product.cap_end * rows), round((product.cap_end + 0.09) * rows))
        skin[empty] = skin[empty] // 2 + 96
    top, bottom = (round(part * rows) for part in product.label_at)
    front: Image = np.zeros((SIDE, SIDE, 3), np.uint8)
    product.label(front)
    half = cv2.resize(front, (columns // 2, bottom - top), interpolation=cv2.INTER_AREA)
    skin[top:bottom, : 2 * (columns // 2)] = np.roll(np.hstack([half, half]), columns // 4, axis=1)
    return np.hstack([skin, skin[:, :1]])
