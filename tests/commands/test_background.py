"""The empty scene, learned before the service starts."""

import numpy as np

from edge import exit_codes
from edge.daemon import service_lock
from edge.daemon.saved_background import load_background
from edge.isolation.isolator import Isolator
from tests.commands.media import EMPTY, RED, Scratch, X, scratch, video
from tests.isolation.scenes import Watch, bottle

__all__ = ["scratch"]


def test_what_stands_there_at_the_next_start_is_placed(scratch: Scratch) -> None:
    scratch.configure(f"{{kind: video, path: {video(scratch.path / 'empty.mp4', [EMPTY] * 70)}}}")
    code, lines, _ = scratch.run("background")
    assert code == exit_codes.OK and "saved" in lines[0]
    saved = load_background(scratch.state)
    assert saved is not None
    assert Watch(Isolator.restore(saved)).play(bottle(EMPTY, X, RED), 3).kinds == [("placed", 1)]


def test_darkness_is_no_scene(scratch: Scratch) -> None:
    scratch.configure(f"{{kind: video, path: {video(scratch.path / 'dark.mp4', [np.zeros_like(EMPTY)] * 70)}}}")
    code, _, errors = scratch.run("background")
    assert code == exit_codes.UNAVAILABLE and "darkness" in errors and load_background(scratch.state) is None


def test_it_leaves_the_camera_to_a_running_service(scratch: Scratch) -> None:
    scratch.configure(f"{{kind: video, path: {video(scratch.path / 'empty.mp4', [EMPTY] * 3)}}}")
    with service_lock.lock(scratch.state):
        assert scratch.run("background")[0] == exit_codes.IN_USE
