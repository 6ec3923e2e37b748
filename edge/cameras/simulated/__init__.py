"""A simulated scene: a table, bottles and the hands that move them, drawn from a seed, with the truth known."""

from edge.cameras.simulated.camera import SimulatedCamera
from edge.cameras.simulated.disturbances import Disturbance
from edge.cameras.simulated.ground_truth import Deed, Score, Verdict, score
from edge.cameras.simulated.photos import photos
from edge.cameras.simulated.products import CATALOGUE, ENROLLED, STRANGERS, Product
from edge.cameras.simulated.scenes import demo_scene, random_scene

__all__ = [
    "CATALOGUE",
    "ENROLLED",
    "STRANGERS",
    "Deed",
    "Disturbance",
    "Product",
    "Score",
    "SimulatedCamera",
    "Verdict",
    "demo_scene",
    "photos",
    "random_scene",
    "score",
]
