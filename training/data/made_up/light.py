"""Light on a made-up product, by how far its surface turns to the right."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Light:
    """Both (256,) uint8, from a surface that faces left (0) over the viewer (127) to the right (255).

    shade: what a colour is multiplied by, 128 for one. gleam: what reflections add.
    """

    shade: Bytes
    gleam: Bytes


def light(rng: np.random.Generator, gloss: float) -> Light:
    """Return a random light from in front and one side; gloss: strength of reflections in 0..1."""
    turn = np.linspace(-1, 1, 256)
    facing = np.sqrt(1 - turn**2)
    side = rng.uniform(-0.7, 0.7)
    ambient = rng.uniform(0.35, 0.7)
    diffuse = np.clip(turn * side + facing * np.sqrt(1 - side**2), 0, 1)
    gleam = np.zeros(256)
    for _ in range(int(rng.integers(1, 4))):
        width = rng.uniform(0.015, 0.12)
        gleam += rng.uniform(0.2, 1) * np.exp(-(((turn - rng.uniform(-0.85, 0.85)) / width) ** 2))
    shade = 128 * (ambient + (1.15 - ambient) * diffuse)
    return Light(np.clip(shade, 0, 255).astype(np.uint8), np.clip(190 * gloss * gleam, 0, 255).astype(np.uint8))
