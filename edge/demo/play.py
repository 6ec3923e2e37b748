"""The drawn scene, played through the daemon's loop and compared with the truth."""

from contextlib import closing
from functools import partial
from itertools import count

from edge.assembly import replay
from edge.cameras.simulated import Score, SimulatedCamera, demo_scene, score
from edge.config import Config
from edge.console.event_printer import event_printer
from edge.console.progress import hide, progress
from edge.demo.album import Album
from edge.demo.photos import enroll_drawn
from edge.types import Event

SIZE, FPS, SEED = (960, 540), 10.0, 1


def demo_camera() -> SimulatedCamera:
    """The camera of the demonstration."""
    return SimulatedCamera(*SIZE, FPS, SEED, demo_scene)


def play(config: Config, camera: SimulatedCamera) -> tuple[Score, Album]:
    """Given empty folders of photos and state, enroll, and print the camera's events.

    Return how right they are, and the album of them. Raise BadModel or StoreError.
    """
    numbers, show = count(1), progress("frames")
    print_event, album = event_printer(None, media=True), Album(config.enroll.folder)

    def on_event(event: Event) -> None:
        hide()
        print_event(event)
        album.note(event)

    def after_frame() -> None:
        show(next(numbers), None)

    enroll = partial(enroll_drawn, config)
    with closing(camera), replay.build(config, config.state.ledger, "demo", enroll, on_event, after_frame) as played:
        played.run(album.follow(camera))
        hide()
        return score(camera.truth, [event for _, event in played.ledger.events()]), album
