"""The real parts, as the configuration and the command line name them."""

import logging
import os
from argparse import Namespace
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np

from edge.bank.store import Bank
from edge.bank.sync import CameraView, Report, sync
from edge.config import Config, MatchConfig, StateConfig
from edge.console.progress import progress
from edge.daemon import saved_background
from edge.images.crop import crop
from edge.isolation.isolator import Isolator
from edge.model.embedder import Embedder
from edge.recognition.matcher import Matcher
from edge.recognition.pipeline import Isolation, Pipeline
from edge.storage.files import volatile
from edge.types import Gallery, Image

log = logging.getLogger(__name__)

SIZE = "size"
"""The frames' width and height, beside what the isolator has learned."""


def embedder(config: Config) -> Embedder:
    """Given the configuration, load its model. Raise BadModel."""
    return Embedder(config.model.path, config.model.threads, config.model.delegate)


def matcher(config: Config, embedder: Embedder, gallery: Gallery) -> Matcher:
    """Given what is enrolled, match against it by the configuration's thresholds, or the model's."""
    return Matcher(gallery, threshold(config.match, embedder), config.match.products)


def threshold(match: MatchConfig, embedder: Embedder) -> float:
    """Given what the configuration says of it, or leaves to the model's card, return the cosine to be reached."""
    return embedder.card.threshold if match.threshold is None else match.threshold


def nothing(embedder: Embedder) -> Gallery:
    """What is enrolled before anything is."""
    return Gallery(np.empty((0, embedder.card.dimension), np.float32), (), ())


def isolator(state: StateConfig) -> Isolator:
    """Given the state folder, return an isolator that knows the empty scene, if the service has learned it."""
    kept = saved_background.load_background(state.folder)
    return Isolator.restore(kept) if kept else Isolator()


def pipeline(
    config: Config,
    isolation: Isolation,
    embedder: Embedder,
    matcher: Matcher,
    now: Callable[[], str],
    new_id: Callable[[], str],
) -> Pipeline:
    """Given the stages, a clock that tells UTC in ISO 8601 and a source of placement ids, put them together."""
    return Pipeline(isolation, embedder.embed, matcher, now, new_id, config.match.votes)


def scene(size: tuple[int, int], isolator: Isolator) -> CameraView:
    """Given the camera's width and height, have whole frames of it cut as the pipeline cuts probes."""

    def crops(image: Image) -> list[Image]:
        return [crop(image, box) for box in isolator.locate(image)]

    return CameraView(*size, crops)


def kept_scene(state: StateConfig) -> CameraView | None:
    """Given the state folder, return the camera's view as the service last kept it; None if it never did."""
    kept = saved_background.load_background(state.folder)
    if not kept:
        return None
    width, height = (int(number) for number in kept[SIZE])
    return scene((width, height), Isolator.restore(kept))


def keep(state: StateConfig, size: tuple[int, int], isolator: Isolator) -> None:
    """Given the camera's width and height, keep what the isolator has learned. Raise OSError."""
    if learned := isolator.state():
        saved_background.save_background(state.folder, learned | {SIZE: np.array(size)})


def perishable(config: Config) -> str | None:
    """Given the configuration, say what of state and photos the next boot may not find, and what to do; None if all."""
    for folder in sorted({config.state.folder, config.enroll.folder}):
        if kind := volatile(folder):
            mend = "sudo raspi-config nonint disable_overlayfs and a reboot, or another disk"
            return f"{folder}: what lies on {kind} may be gone after the next boot; try: {mend}"
    return None


def synced(config: Config, bank: Bank, embedder: Embedder) -> Report:
    """Bring the bank in step with the enrollment folder, on every core. Raise StoreError."""
    from edge.model.embedder_pool import Embedders
    from edge.parallel import cores, in_order
    from edge.recognition.batch import interpreters

    several, scene = Embedders(embedder, interpreters(config.model)), kept_scene(config.state)
    decode = partial(in_order, workers=cores())
    return sync(config.enroll.folder, bank, several, scene, progress=progress("photos"), mapped=decode)


def enrolled(config: Config, embedder: Embedder, args: Namespace) -> Gallery:
    """Given the configuration, bring the bank in step with the enrollment folder, as the daemon would, and return it.

    Where the command line named neither: without a folder nothing is enrolled, and without a state folder that this
    user may write the bank is made for this once. Raise StoreError.
    """
    import tempfile

    if args.enroll is None and not config.enroll.folder.is_dir():
        log.warning("%s: no such folder, so nothing is enrolled; --enroll DIR names another", config.enroll.folder)
        return nothing(embedder)
    with ExitStack() as stack:
        state = config.state
        if args.state is None and not os.access(state.folder, os.W_OK | os.X_OK):
            state = StateConfig(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bottlebank-"))))
        bank = stack.enter_context(Bank(state.bank))
        report = synced(config, bank, embedder)
        for photo, reason in report.refused.items():
            log.warning("%s is refused: %s", photo, reason)
        return bank.gallery(embedder.card.id)
