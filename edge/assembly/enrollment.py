"""The bank, brought in step with the enrollment folder by a command."""

import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from edge.assembly import parts
from edge.bank.store import Bank
from edge.bank.sync import Report, sync
from edge.config import Config, StateConfig
from edge.errors import DatabaseDamaged
from edge.model.embedder import Embedder
from edge.model.embedder_pool import Embedders
from edge.parallel import cores, in_order
from edge.recognition.batch import interpreters
from edge.types import Gallery

log = logging.getLogger(__name__)

Progress = Callable[[int, int | None], None]
"""Called with how many are done, and of how many."""


def sync_bank(config: Config, bank: Bank, embedder: Embedder, progress: Progress) -> Report:
    """Bring the bank in step with the enrollment folder, on every core. Raise StoreError."""
    pool, view = Embedders(embedder, interpreters(config.model)), parts.saved_view(config)
    decode = partial(in_order, workers=cores())
    video = parts.video_reader()
    return sync(config.enroll.folder, bank, pool, view, video, progress=progress, mapped=decode)


def enrolled_gallery(
    config: Config, embedder: Embedder, progress: Progress, *, enroll_named: bool, state_named: bool
) -> Gallery:
    """Given the configuration, bring the bank in step with the enrollment folder, as the daemon does, and return it.

    enroll_named, state_named: whether the user named the folder. A folder of photos that nobody named may be missing:
    nothing is enrolled. Where nobody named a state folder and this user may not write the default one, the bank is
    temporary. Raise StoreError.
    """
    if not enroll_named and not config.enroll.folder.is_dir():
        log.warning("%s: no such folder, so nothing is enrolled; --enroll DIR names another", config.enroll.folder)
        return parts.empty_gallery(embedder)
    with ExitStack() as stack:
        state = config.state
        if not state_named and not os.access(state.folder, os.W_OK | os.X_OK):
            state = StateConfig(Path(stack.enter_context(TemporaryDirectory(prefix="bottlebank-"))))
        bank = stack.enter_context(Bank(state.bank))
        report = sync_bank(config, bank, embedder, progress)
        for photo, reason in report.refused.items():
            log.warning("%s is refused: %s", photo, reason)
        try:
            return bank.gallery(embedder.card.id)
        except DatabaseDamaged as error:
            log.warning("%s", error)
            sync_bank(config, bank, embedder, progress)
            return bank.gallery(embedder.card.id)
