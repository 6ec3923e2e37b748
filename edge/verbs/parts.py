"""The real parts, as the configuration and the command line name them."""

import logging
import os
import tempfile
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from edge.bank.enroll import sync
from edge.bank.store import Bank
from edge.config import Config, StateConfig
from edge.pipeline.embed import Embedder
from edge.pipeline.match import Matcher
from edge.types import Gallery
from edge.verbs.progress import progress

log = logging.getLogger(__name__)


def embedder(config: Config) -> Embedder:
    """Given the configuration, load its model. Raise BadModel."""
    return Embedder(config.model.path, config.model.threads, config.model.delegate)


def matcher(config: Config, embedder: Embedder, gallery: Gallery) -> Matcher:
    """Given what is enrolled, match against it by the configuration's thresholds, or the model's."""
    threshold = embedder.card.threshold if config.match.threshold is None else config.match.threshold
    return Matcher(gallery, threshold, config.match.products)


def enrolled(config: Config, embedder: Embedder, args: Namespace) -> Gallery:
    """Given the configuration, bring the bank in step with the enrollment folder, as the daemon would, and return it.

    Where the command line named neither: without a folder nothing is enrolled, and without a state folder that this
    user may write the bank is made for this once. Raise StoreError.
    """
    if args.enroll is None and not config.enroll.folder.is_dir():
        log.warning("%s: no such folder, so nothing is enrolled; --enroll DIR names another", config.enroll.folder)
        return Gallery(np.empty((0, embedder.card.dimension), np.float32), (), ())
    with ExitStack() as stack:
        state = config.state
        if args.state is None and not os.access(state.folder, os.W_OK | os.X_OK):
            state = StateConfig(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bottlebank-"))))
        bank = stack.enter_context(Bank(state.bank))
        for photo, reason in sync(config.enroll.folder, bank, embedder, progress=progress("photos")).refused.items():
            log.warning("%s is refused: %s", photo, reason)
        return bank.gallery(embedder.card.id)
