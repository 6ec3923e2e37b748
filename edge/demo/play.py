"""The drawn scene, played through the daemon's loop and compared with the truth."""

from contextlib import closing
from itertools import count

from edge.assembly.replay import Replay
from edge.cameras.simulated import Score, SimulatedCamera, demo_scene, score
from edge.config import Config
from edge.console.event_printer import event_printer
from edge.console.progress import hide, progress
from edge.demo.album import Album
from edge.events.ledger import Ledger
from edge.model.embedder import Embedder
from edge.types import Event, Gallery

SIZE, FPS, SEED = (960, 540), 10.0, 1


def demo_camera() -> SimulatedCamera:
    """The camera of the demonstration."""
    return SimulatedCamera(*SIZE, FPS, SEED, demo_scene)


def play(config: Config, embedder: Embedder, gallery: Gallery, camera: SimulatedCamera) -> tuple[Score, Album]:
    """Given what is enrolled, print the camera's events; return how right they are, and the album of them.

    Raise BadModel or StoreError.
    """
    ids, frames, show = count(1), count(1), progress("frames")
    print_event, album = event_printer(None, media=True), Album(config.enroll.folder)

    def new_id() -> str:
        return f"demo-{next(ids)}"

    def on_event(event: Event) -> None:
        hide()
        print_event(event)
        album.note(event)

    with closing(camera), closing(Ledger(config.state.ledger)) as ledger:
        replay = Replay(config, embedder, gallery, ledger, new_id, on_event, lambda: show(next(frames), None))
        replay.run(album.follow(camera))
        hide()
        return score(camera.truth, [event for _, event in ledger.events()]), album
