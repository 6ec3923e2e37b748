"""The commands review and correct, on what the daemon kept; and how soon a correction takes effect."""

import json
import queue
import re
import threading
import time
from contextlib import closing
from dataclasses import replace

from edge import exit_codes
from edge.assembly import daemon
from edge.bank.sync_thread import SyncThread
from edge.cameras.folder import FolderCamera
from edge.config import EnrollConfig, StateConfig, load_config
from edge.daemon import service_lock
from edge.daemon.clock import MediaClock
from edge.daemon.live_view import LiveView
from edge.daemon.snapshot import SnapshotServer
from edge.daemon.systemd import Notifier
from edge.storage.lock import FileLock
from edge.types import NOT_A_PRODUCT, Event, Gallery
from tests.bank.pictures import Thumbnails, encoded, picture
from tests.commands.media import EMPTY, GREEN, RED, Scratch, X, folder, scratch, visit
from tests.isolation.scenes import FPS, bottle

__all__ = ["scratch"]


def watched(scratch: Scratch) -> str:
    """Have the service see an unknown bottle, and return the placement's id."""
    images = folder(scratch.path / "images", visit(bottle(EMPTY, X, RED)))
    scratch.configure("", "match: {threshold: 0.995}")
    folders = {"enroll": EnrollConfig(scratch.enroll), "state": StateConfig(scratch.state)}
    config = replace(load_config(scratch.config), **folders)  # type: ignore[arg-type]
    events: list[Event] = []
    camera, clock = FolderCamera(images, FPS), MediaClock()
    with closing(camera), daemon.build(config, camera, clock, Notifier({}), events.append, lambda: config) as service:
        service.run(camera, clock)
    (unknown,) = [event for event in events if event.event == "unknown"]
    return unknown.placement


def test_an_unknown_bottle_is_listed_corrected_and_then_known(scratch: Scratch) -> None:
    scratch.photo("lemon/1.png", GREEN)
    placement = watched(scratch)
    line, total = scratch.run("review")[1]
    assert re.search(
        rf"^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d:\d\d  unknown     {placement}  lemon 0\.\d{{3}}$", line
    )
    assert total == f"{scratch.state}/review: 1 picture; next: bottlebank correct PLACEMENT PRODUCT"

    file = scratch.enroll / "cola" / f"placement-{placement}.jpg"
    assert scratch.run("correct", placement, "cola")[:2] == (exit_codes.OK, [f"{file}  delete it to undo this"])
    (plain,) = [json.loads(line) for line in scratch.run("review", "--json")[1]]
    assert plain["corrected"] == "cola" and plain["file"] == f"{scratch.state}/review/{placement}.jpg"
    assert [each for each in scratch.run("replay", str(scratch.path / "images"))[1] if "identified" in each]
    file.unlink()
    assert "corrected" not in scratch.run("review")[1][0]
    assert not [each for each in scratch.run("replay", str(scratch.path / "images"))[1] if "identified" in each]


def test_what_is_no_product_is_a_negative_and_counts_as_none(scratch: Scratch) -> None:
    scratch.photo("lemon/1.png", GREEN)
    placement = watched(scratch)
    assert scratch.run("correct", placement, "--not-a-product")[0] == exit_codes.OK
    assert (scratch.enroll / NOT_A_PRODUCT / f"placement-{placement}.jpg").exists()
    scratch.run("enroll")
    lines = scratch.run("list")[1]
    assert f"{NOT_A_PRODUCT}  1 negative" in lines and lines[-1].endswith("1 photo of 1 product enrolled, 0 refused")
    assert scratch.run("status")[1][1].startswith("bank    1 photo of 1 product, 0 refused")


def test_a_sure_answer_is_corrected_from_the_services_memory(scratch: Scratch) -> None:
    scratch.state.mkdir()
    photos, ended, service = {"01-ab": encoded(picture(1))}, threading.Event(), SnapshotServer(scratch.state)
    lock = FileLock(scratch.state / service_lock.FILE)

    def frames() -> None:
        while not ended.wait(0.005):
            service(LiveView(0, None), placement=photos.get)

    thread = threading.Thread(target=frames)
    thread.start()
    try:
        assert scratch.run("correct", "01-ab", "cola")[0] == exit_codes.OK
        assert (scratch.enroll / "cola" / "placement-01-ab.jpg").read_bytes() == photos["01-ab"]
        code, _, said = scratch.run("correct", "02-ab", "cola")
        assert code == exit_codes.SOME_FAILED and "02-ab: no picture is kept" in said
    finally:
        ended.set()
        thread.join()
        service.close()
        lock.close()


def test_a_picture_that_a_power_cut_left_incomplete_is_refused(scratch: Scratch) -> None:
    (scratch.state / "review").mkdir(parents=True)
    (scratch.state / "review" / "01-ab.jpg").write_bytes(encoded(picture(1))[:-200])
    code, _, said = scratch.run("correct", "01-ab", "cola")
    assert code == exit_codes.SOME_FAILED and "cut off" in said and not (scratch.enroll / "cola").exists()


def test_a_correction_takes_effect_within_two_seconds_and_so_does_its_end(scratch: Scratch) -> None:
    (scratch.state / "review").mkdir(parents=True)
    (scratch.state / "review" / "01-ab.jpg").write_bytes(encoded(picture(1)))
    galleries: queue.Queue[Gallery] = queue.Queue()
    keeper = SyncThread(scratch.enroll, scratch.state / "bank.db", Thumbnails(), galleries.put)
    keeper.start()
    try:
        assert galleries.get(timeout=10).products == ()
        for change, products in (
            (lambda: scratch.run("correct", "01-ab", "cola"), ("cola",)),
            (lambda: scratch.run("correct", "01-ab", "--not-a-product"), (NOT_A_PRODUCT,)),
            (lambda: (scratch.enroll / NOT_A_PRODUCT / "placement-01-ab.jpg").unlink(), ()),
        ):
            change()
            start = time.monotonic()
            while galleries.get(timeout=10).products != products:
                pass
            assert time.monotonic() - start < 2
    finally:
        keeper.close()
