"""The parts that a configuration names: model, matcher, isolator, pipeline, and the camera's learned scene."""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import cv2
import numpy as np

from edge.bank.judge import CameraView
from edge.bank.video_views import VideoReader
from edge.config import CameraConfig, Config, MatchConfig, StateConfig
from edge.daemon import saved_background
from edge.images.crop import crop
from edge.isolation.isolator import Isolator
from edge.model.card import ModelCard
from edge.model.cohort import Cohort, load_cohort
from edge.model.embedder import Embedder
from edge.recognition.decision import Rule
from edge.recognition.matcher import Matcher
from edge.recognition.pipeline import Isolation, Pipeline
from edge.storage.files import volatile
from edge.text import printable
from edge.types import Event, Frame, Gallery, Image

log = logging.getLogger(__name__)

SIZE = "size"
"""The frames' width and height, beside what the isolator has learned."""

SAME_SCENE = 0.95
"""Correlation of a frame with the empty scene from which on it is the same, whatever its light."""


def embedder(config: Config) -> Embedder:
    """Given the configuration, load its model. Raise BadModel."""
    return Embedder(config.model.path, config.model.threads, config.model.delegate)


def matcher(config: Config, embedder: Embedder, gallery: Gallery) -> Matcher:
    """Given what is enrolled, match against it by the configuration's rule. Raise BadModel if its cohort is damaged."""
    cohort = load_cohort(config.model.path, embedder.card.id, embedder.card.dimension)
    return Matcher(gallery, rule(config.match, embedder.card, cohort))


def rule(match: MatchConfig, card: ModelCard, cohort: Cohort | None) -> Rule:
    """Given the configuration of matching, and the model's cohort if it has one, return how names are decided."""
    threshold = card.threshold if match.threshold is None and cohort is None else match.threshold
    return Rule(threshold, match.products, cohort, match.false_accepts)


def log_not_enrolled(match: MatchConfig, gallery: Gallery) -> None:
    """Warn of each product with a threshold of its own that is not enrolled."""
    for product in sorted(match.products.keys() - gallery.rows.keys()):
        log.warning("match.products: %s is not enrolled; bottlebank list shows what is", printable(product))


def empty_gallery(embedder: Embedder) -> Gallery:
    """What is enrolled before anything is."""
    return Gallery(np.empty((0, embedder.card.dimension), np.float32), (), ())


def camera_name(camera: CameraConfig) -> str:
    """Given the configured camera, return what a person calls it, such as `v4l2 /dev/video0`."""
    source = f"seed {camera.seed}" if camera.kind == "simulated" else camera.path or camera.device
    return f"{camera.kind} {source}"


def isolator(config: Config) -> Isolator:
    """Given the configuration, return an isolator that knows the empty scene, if the service has learned it."""
    return Isolator.restore(saved_background.load_background(config.state.folder) or {}, ignore=config.isolation.ignore)


def pipeline(
    config: Config,
    isolation: Isolation,
    embedder: Embedder,
    matcher: Matcher,
    now: Callable[[], str],
    new_id: Callable[[], str],
    on_answer: Callable[[Event, Image], None] | None = None,
) -> Pipeline:
    """Given the stages, a clock that returns UTC in ISO 8601 and a source of placement ids, put them together.

    on_answer: as for a Pipeline.
    """
    return Pipeline(isolation, embedder.embed, matcher, now, new_id, config.match.votes, on_answer)


def camera_view(size: tuple[int, int], isolator: Isolator) -> CameraView:
    """Given the camera's width and height, return what cuts whole frames of it as the pipeline cuts probes."""

    def crops(image: Image) -> list[Image]:
        return [crop(image, box) for box in isolator.locate(image)]

    def is_empty(image: Image) -> bool:
        empty = isolator.state().get("background")
        if empty is None:
            return False
        small = cv2.resize(image, empty.shape[1::-1], interpolation=cv2.INTER_AREA)
        return bool(np.corrcoef(small.ravel(), empty.ravel())[0, 1] > SAME_SCENE)

    return CameraView(*size, crops, is_empty)


def saved_view(config: Config) -> CameraView | None:
    """Given the configuration, return the camera's view as the service last saved it; None if it never did."""
    saved = saved_background.load_background(config.state.folder)
    if not saved:
        return None
    width, height = (int(number) for number in saved[SIZE])
    return camera_view((width, height), Isolator.restore(saved, ignore=config.isolation.ignore))


def video_reader() -> VideoReader:
    """What reads the videos of the enrollment folder."""

    def frames(path: Path, fps: float) -> AbstractContextManager[Iterable[Frame]]:
        from edge.cameras.video import VideoCamera  # with FFmpeg, which is loaded with the first video only

        return closing(VideoCamera(path, fps))

    return VideoReader(frames, Isolator)


def save_scene(state: StateConfig, size: tuple[int, int], isolator: Isolator) -> None:
    """Given the camera's width and height, save what the isolator has learned. Raise OSError."""
    if learned := isolator.state():
        saved_background.save_background(state.folder, learned | {SIZE: np.array(size)})


def volatile_folder(config: Config, kind_of: Callable[[Path], str | None] = volatile) -> str | None:
    """Given the configuration, say which of its folders a reboot empties, and what to do; None if they last."""
    for folder in sorted({config.state.folder, config.enroll.folder}):
        if kind := kind_of(folder):
            remedy = "sudo raspi-config nonint disable_overlayfs and a reboot, or another disk"
            return f"{folder}: what lies on {kind} may be gone after the next boot; try: {remedy}"
    return None
