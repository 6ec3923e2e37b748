"""Shapes of made-up products: a cross-section scaled along an upright axis, or a carton. Heights are 1."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

VESSELS = ("pet", "long-neck", "juice", "squeeze", "jar", "can", "slim-can", "tin", "tub", "pouch", "jug")
CARTONS = ("brick", "slim-brick", "gable", "box")
HELD_OUT_VESSELS = ("flask", "barrel", "cone", "hourglass")
HELD_OUT_CARTONS = ("slant", "low-gable")

TRANSPARENT = ("pet", "long-neck", "juice", "jar", "flask", "barrel", "cone", "hourglass")
METAL = ("can", "slim-can", "tin")


@dataclass(frozen=True, slots=True, eq=False)
class Vessel:
    """A cross-section (k, 2) of half width 1, around from behind, scaled by profile (256,) from the ground up.

    label: the heights between which the label is. cap: the height above which the cap is; 1 for none.
    """

    kind: str
    profile: Floats
    section: Floats
    label: tuple[float, float]
    cap: float

    @property
    def girth(self) -> float:
        """Length around the widest part."""
        steps = np.diff(self.section, axis=0, append=self.section[:1])
        return float(np.hypot(*steps.T).sum() * self.profile.max())


@dataclass(frozen=True, slots=True)
class Carton:
    """A carton of this width and depth. body: height of its upright faces; cap: whether it has a screw cap."""

    kind: str
    width: float
    depth: float
    body: float
    cap: bool


def shape(rng: np.random.Generator, held_out: bool = False) -> Vessel | Carton:
    """Return a random shape; held_out: of the kinds that no other shape is of."""
    if rng.random() < 0.3:
        return _carton(str(rng.choice(HELD_OUT_CARTONS if held_out else CARTONS)), rng)
    return _vessel(str(rng.choice(HELD_OUT_VESSELS if held_out else VESSELS)), rng)


def _carton(kind: str, rng: np.random.Generator) -> Carton:
    width, depth, body = {
        "brick": (rng.uniform(0.35, 0.5), rng.uniform(0.65, 1.0), 1.0),
        "slim-brick": (rng.uniform(0.28, 0.4), rng.uniform(0.6, 1.0), 1.0),
        "gable": (rng.uniform(0.33, 0.45), 1.0, rng.uniform(0.72, 0.8)),
        "box": (rng.uniform(0.5, 1.2), rng.uniform(0.2, 0.6), 1.0),
        "slant": (rng.uniform(0.35, 0.5), 1.0, rng.uniform(0.78, 0.88)),
        "low-gable": (rng.uniform(0.6, 0.8), 1.0, rng.uniform(0.6, 0.7)),
    }[kind]
    cap = kind != "box" and rng.random() < 0.6
    return Carton(kind, width, width * depth, body, cap)


def _vessel(kind: str, rng: np.random.Generator) -> Vessel:
    r = rng.uniform(0.12, 0.18)
    flat, square = 1.0, 2.0
    label, cap = (rng.uniform(0.12, 0.3), rng.uniform(0.5, 0.62)), 1.0
    match kind:
        case "pet":
            shoulder, neck = rng.uniform(0.58, 0.72), rng.uniform(0.84, 0.9)
            waist = r * (rng.uniform(0.8, 0.95) if rng.random() < 0.4 else 1)
            cap, thin = rng.uniform(0.92, 0.95), r * rng.uniform(0.28, 0.42)
            points = [(0, 0.8 * r), (0.04, r), (0.2, r), (0.38, waist), (shoulder, r), (neck, thin), (cap, thin)]
            label = (rng.uniform(0.2, 0.36), rng.uniform(0.48, shoulder - 0.04))
        case "long-neck":
            shoulder, neck = rng.uniform(0.5, 0.65), rng.uniform(0.66, 0.74)
            r, cap = rng.uniform(0.11, 0.15), rng.uniform(0.94, 0.97)
            thin = r * rng.uniform(0.32, 0.45)
            points = [(0, 0.9 * r), (0.02, r), (shoulder, r), (neck, 1.25 * thin), (cap, thin)]
            label = (rng.uniform(0.06, 0.2), shoulder - rng.uniform(0.05, 0.14))
        case "juice":
            square = rng.uniform(3, 6) if rng.random() < 0.6 else 2.0
            shoulder, r, cap = rng.uniform(0.6, 0.72), rng.uniform(0.16, 0.23), rng.uniform(0.88, 0.93)
            thin = r * rng.uniform(0.45, 0.7)
            points = [(0, 0.9 * r), (0.04, r), (shoulder, r), (cap - 0.06, thin), (cap, thin)]
            label = (rng.uniform(0.08, 0.2), shoulder - rng.uniform(0.03, 0.1))
        case "squeeze":
            flat, square, r = rng.uniform(0.5, 0.75), rng.uniform(2, 3), rng.uniform(0.17, 0.25)
            cap, top = rng.uniform(0.8, 0.88), r * rng.uniform(0.4, 0.8)
            points = [(0, 0.92 * r), (0.05, r), (rng.uniform(0.45, 0.6), r * rng.uniform(0.85, 1)), (cap, top)]
            label = (rng.uniform(0.1, 0.2), rng.uniform(0.5, 0.68))
        case "jar" | "barrel":
            r, cap = rng.uniform(0.27, 0.45), rng.uniform(0.78, 0.88)
            belly = r * (rng.uniform(1.1, 1.3) if kind == "barrel" else 1)
            top = r * rng.uniform(0.75, 0.95)
            square = rng.uniform(4, 7) if kind == "jar" and rng.random() < 0.2 else 2.0
            points = [(0, 0.88 * r), (0.05, r), (0.35, belly), (cap - 0.1, r), (cap - 0.03, top), (cap, top)]
            label = (rng.uniform(0.1, 0.2), cap - rng.uniform(0.14, 0.22))
        case "can" | "slim-can":
            r = rng.uniform(0.25, 0.3) if kind == "can" else rng.uniform(0.16, 0.21)
            points = [(0, 0.78 * r), (0.05, r), (0.9, r), (0.96, 0.82 * r), (1, 0.84 * r)]
            label = (0.03, 0.955)
        case "tin":
            r = rng.uniform(0.3, 0.6)
            points = [(0, r), (0.03, 0.97 * r), (0.97, 0.97 * r), (1, r)]
            label = (0.05, 0.95)
        case "tub":
            r, cap = rng.uniform(0.4, 0.62), rng.uniform(0.82, 0.9)
            flat, square = (rng.uniform(0.6, 0.8), 5.0) if rng.random() < 0.4 else (1.0, 2.0)
            points = [(0, r * rng.uniform(0.7, 0.85)), (cap, 0.96 * r)]
            label = (0.03, cap - 0.02)
        case "pouch":
            flat, r, cap = rng.uniform(0.25, 0.4), rng.uniform(0.28, 0.4), 1 - rng.uniform(0, 0.12)
            points = [(0, r), (0.7, r), (cap, r * rng.uniform(0.15, 0.3))] if cap < 0.95 else [(0, r), (0.95, 0.94 * r)]
            label = (0.0, 0.97 * cap)
        case "jug":
            flat, square, r = rng.uniform(0.65, 0.9), rng.uniform(2.5, 4), rng.uniform(0.22, 0.32)
            cap, thin = rng.uniform(0.9, 0.94), r * rng.uniform(0.25, 0.4)
            points = [(0, 0.95 * r), (0.05, r), (rng.uniform(0.5, 0.65), r), (0.85, 1.2 * thin), (cap, thin)]
            label = (rng.uniform(0.1, 0.2), rng.uniform(0.42, 0.55))
        case "flask":
            flat, square, r, cap = rng.uniform(0.4, 0.5), 4.0, rng.uniform(0.2, 0.27), rng.uniform(0.88, 0.92)
            points = [(0, r), (0.6, r), (0.74, 0.5 * r), (0.78, 0.32 * r), (cap, 0.32 * r)]
            label = (rng.uniform(0.08, 0.14), rng.uniform(0.5, 0.58))
        case "cone":
            r, cap = rng.uniform(0.18, 0.25), rng.uniform(0.9, 0.94)
            points = [(0, 0.9 * r), (0.03, r), (cap, r * rng.uniform(0.2, 0.3))]
            label = (rng.uniform(0.08, 0.15), rng.uniform(0.4, 0.5))
        case _:
            r, cap = rng.uniform(0.15, 0.2), rng.uniform(0.92, 0.95)
            points = [
                (0, r),
                (0.12, r),
                (0.4, r * rng.uniform(0.55, 0.7)),
                (0.68, r),
                (0.86, 0.35 * r),
                (cap, 0.35 * r),
            ]
            label = (rng.uniform(0.22, 0.3), rng.uniform(0.55, 0.62))
    return Vessel(kind, _profile(points, cap, rng, kind), _section(flat, square), label, cap)


def _profile(points: list[tuple[float, float]], cap: float, rng: np.random.Generator, kind: str) -> Floats:
    """A smooth line through (height, half width), and above it the cap."""
    height = np.linspace(0, 1, 256)
    at, half_width = np.array(points).T
    line = np.interp(np.linspace(-0.1, 1.1, 307), at, half_width)
    blurred = 3 if kind in METAL else int(rng.integers(5, 16))
    line = np.convolve(line, np.hanning(blurred + 2)[1:-1] / np.hanning(blurred + 2).sum(), "same")[25:281]
    line[:4] *= [0.93, 0.97, 0.99, 1]
    if kind == "pet" and rng.random() < 0.5:
        ribs = (np.sin(height * 2 * np.pi * rng.integers(12, 26)) > 0) * (height < rng.choice([0.3, 0.65]))
        line -= 0.006 * ribs
    if cap < 1:
        lid = points[-1][1] * rng.uniform(1.02, 1.3)
        line[height >= cap] = lid
    return line.astype(np.float32)


def _section(flat: float, square: float) -> Floats:
    """A superellipse of this depth to width and this exponent: 2 is round, 6 nearly a square."""
    angle = np.linspace(-np.pi, np.pi, 240, endpoint=False)
    x, z = np.sin(angle), np.cos(angle)
    x, z = np.sign(x) * np.abs(x) ** (2 / square), flat * np.sign(z) * np.abs(z) ** (2 / square)
    return np.stack([x, z], 1).astype(np.float32)
