"""The products that the simulated scene knows: some are enrolled, the others are strangers to the bank."""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.cameras.simulated import labels
from edge.cameras.simulated.sprites import Colour

Profile = Sequence[tuple[float, float]]
"""Points (down, radius) from the top, 0, to the foot, 1, as parts of the height."""

BOTTLE: Profile = (
    *((0, 0.052), (0.012, 0.058), (0.075, 0.058), (0.08, 0.066), (0.09, 0.066), (0.095, 0.048), (0.14, 0.05)),
    *((0.22, 0.085), (0.31, 0.138), (0.37, 0.15), (0.4, 0.143), (0.72, 0.143), (0.75, 0.15), (0.95, 0.15), (1, 0.13)),
)
LONGNECK: Profile = (
    *((0, 0.042), (0.015, 0.056), (0.035, 0.056), (0.04, 0.045), (0.06, 0.042), (0.3, 0.052), (0.38, 0.085)),
    *((0.45, 0.118), (0.5, 0.125), (0.97, 0.125), (1, 0.115)),
)
CLARET: Profile = (
    *((0, 0.045), (0.04, 0.05), (0.05, 0.046), (0.26, 0.048), (0.31, 0.075), (0.36, 0.118), (0.4, 0.128)),
    *((0.97, 0.128), (1, 0.12)),
)
CAN: Profile = ((0, 0.25), (0.02, 0.27), (0.045, 0.27), (0.09, 0.3), (0.93, 0.3), (0.97, 0.275), (1, 0.25))
SLIM: Profile = ((0, 0.155), (0.02, 0.165), (0.09, 0.19), (0.94, 0.19), (0.98, 0.17), (1, 0.155))
STEEL: Profile = ((0, 0.34), (0.03, 0.34), (0.04, 0.325), (0.96, 0.325), (0.97, 0.34), (1, 0.34))
JAR: Profile = (
    *((0, 0.27), (0.02, 0.285), (0.16, 0.285), (0.17, 0.262), (0.2, 0.27), (0.27, 0.325), (0.32, 0.335)),
    *((0.94, 0.335), (1, 0.29)),
)
SQUAT: Profile = (
    *((0, 0.36), (0.02, 0.375), (0.2, 0.375), (0.21, 0.35), (0.25, 0.37), (0.36, 0.4), (0.8, 0.4), (0.95, 0.36)),
    (1, 0.32),
)
SQUEEZE: Profile = (
    *((0, 0.018), (0.1, 0.034), (0.12, 0.06), (0.15, 0.11), (0.2, 0.115), (0.205, 0.15), (0.27, 0.18), (0.35, 0.195)),
    *((0.6, 0.18), (0.93, 0.195), (1, 0.175)),
)
CARAFE: Profile = (
    *((0, 0.1), (0.015, 0.11), (0.085, 0.11), (0.09, 0.088), (0.18, 0.09), (0.3, 0.13), (0.42, 0.175), (0.97, 0.18)),
    (1, 0.165),
)
CADDY: Profile = ((0, 0.33), (0.01, 0.345), (0.18, 0.345), (0.185, 0.335), (0.98, 0.335), (1, 0.32))

GOLD, STEEL_GREY = (206, 168, 70), (176, 180, 186)


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold, and how it looks.

    height: as a part of the picture's. cap: colour of the part above cap_end. body: of the rest. label_at: where the
    label begins and ends. gloss: how bright lights are reflected. clear: how much of them shines through its sides.
    """

    name: str
    enrolled: bool
    profile: Profile
    height: float
    cap: Colour
    cap_end: float
    body: Colour
    label: labels.Label
    label_at: tuple[float, float]
    gloss: float = 0.6
    clear: float = 0.0


CATALOGUE = (
    Product(
        "spring-water", True, BOTTLE, 0.52, (30, 70, 190), 0.09, (150, 196, 214), labels.water, (0.42, 0.7), 0.9, 1
    ),
    Product("cola", True, BOTTLE, 0.5, (200, 20, 30), 0.09, (52, 26, 18), labels.cola, (0.42, 0.7), 0.9, 0.5),
    Product("lager", True, LONGNECK, 0.5, GOLD, 0.05, (24, 84, 46), labels.lager, (0.56, 0.86), 0.9, 0.6),
    Product(
        "orange-juice", True, CARAFE, 0.44, (40, 150, 70), 0.088, (244, 150, 24), labels.orange, (0.46, 0.88), 0.7, 0.3
    ),
    Product("tomato-soup", True, STEEL, 0.27, STEEL_GREY, 0.04, STEEL_GREY, labels.soup, (0.05, 0.95), 0.35),
    Product("honey", True, JAR, 0.28, GOLD, 0.165, (226, 140, 20), labels.honey, (0.36, 0.88), 0.8, 0.8),
    Product("berry-jam", True, SQUAT, 0.23, (200, 30, 50), 0.205, (84, 14, 60), labels.jam, (0.36, 0.86), 0.8, 0.4),
    Product("volt", True, SLIM, 0.34, STEEL_GREY, 0.05, (18, 20, 26), labels.bolt, (0.1, 0.95), 0.7),
    Product("mustard", False, SQUEEZE, 0.4, (200, 40, 24), 0.2, (244, 196, 24), labels.mustard, (0.42, 0.84), 0.4),
    Product("milk", False, CARAFE, 0.45, (30, 110, 200), 0.088, (240, 238, 232), labels.milk, (0.34, 0.93), 0.5),
    Product("chai", False, CADDY, 0.3, (12, 96, 96), 0.18, (10, 110, 110), labels.tea, (0.22, 0.97), 0.3),
    Product("red-wine", False, CLARET, 0.54, (96, 12, 30), 0.16, (30, 22, 26), labels.wine, (0.5, 0.84), 0.9, 0.3),
)
ENROLLED = tuple(product for product in CATALOGUE if product.enrolled)
STRANGERS = tuple(product for product in CATALOGUE if not product.enrolled)
