"""The enrollment photos of the demonstration."""

from pathlib import Path

from edge.assembly.enrollment import sync_bank
from edge.bank.store import Bank
from edge.cameras.simulated import ENROLLED, photos
from edge.config import Config
from edge.console.progress import progress
from edge.images.writer import write_picture
from edge.model.embedder import Embedder
from edge.types import Gallery

PHOTOS = 4
"""Of each product."""


def enroll_drawn(config: Config, embedder: Embedder) -> Gallery:
    """Given empty folders of photos and state, draw the photos, enroll them, say so and return them."""
    products = draw_photos(config.enroll.folder)
    with Bank(config.state.bank) as bank:
        sync_bank(config, bank, embedder, progress("photos"))
        print(f"Enrolled, by {PHOTOS} photos each: {', '.join(products)}.", flush=True)
        return bank.gallery(embedder.card.id)


def draw_photos(folder: Path) -> list[str]:
    """Given the enrollment folder, fill it with drawn photos, and return the products."""
    for product in ENROLLED:
        (folder / product.name).mkdir(parents=True)
        for number, photo in enumerate(photos(product, PHOTOS), 1):
            write_picture(folder / product.name / f"{number}.png", photo)
    return [product.name for product in ENROLLED]
