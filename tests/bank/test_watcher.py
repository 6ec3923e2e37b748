import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.bank import watcher as watch
from edge.bank.inotify import Inotify
from edge.bank.watcher import LONGEST, QUIET, Debounce, Watcher

SOON = 5.0  # a deadline, never waited for: on a busy machine a change may come late, but it comes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "enroll"
    (path / "cola").mkdir(parents=True)
    (path / "cola" / "old.jpg").write_bytes(b"old")
    return path


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "QUIET", 0.03)
    monkeypatch.setattr(watch, "POLL", 0.05)


@pytest.fixture
def watcher(folder: Path) -> Iterator[Watcher]:
    watcher = Watcher(folder)
    assert watcher.wait(SOON)  # the first look
    yield watcher
    watcher.close()


def test_a_change_is_told_when_quiet_or_after_a_while() -> None:
    changes = Debounce()
    assert changes.due is None
    changes.touch(10.0)
    assert changes.due == pytest.approx(10.0 + watch.QUIET)
    for now in (10.02, 10.5, 10.9, 10.99):
        changes.touch(now)
    assert changes.due == 10.0 + LONGEST  # the stream does not put it off for ever
    changes.clear()
    assert changes.due is None


def test_ten_thousand_files_in_a_stream_are_told_of_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "QUIET", QUIET)
    changes, told, last = Debounce(), 0, 0.0
    for i in range(10_000):
        now = last = i * 0.005
        changes.touch(now)
        if changes.due is not None and changes.due <= now:
            told += 1
            changes.clear()
    assert last / LONGEST * 0.9 <= told <= last / LONGEST + 1


def scp(folder: Path) -> None:
    (folder / "cola" / "new.jpg").write_bytes(b"new")


def rsync(folder: Path) -> None:
    (folder / "cola" / ".new.jpg.Xy12zz").write_bytes(b"new")
    (folder / "cola" / ".new.jpg.Xy12zz").rename(folder / "cola" / "new.jpg")


def scp_recursive(folder: Path) -> None:
    (folder / "fanta").mkdir()
    (folder / "fanta" / "1.jpg").write_bytes(b"new")


def move_in(folder: Path) -> None:
    (folder.parent / "fanta").mkdir()
    (folder.parent / "fanta").rename(folder / "fanta")


CHANGES: dict[str, Callable[[Path], object]] = {
    "scp": scp,
    "rsync": rsync,
    "scp -r": scp_recursive,
    "mv in": move_in,
    "flat": lambda folder: (folder / "cola1.jpg").write_bytes(b"new"),
    "hard link": lambda folder: os.link(folder / "cola" / "old.jpg", folder / "cola" / "new.jpg"),
    "soft link": lambda folder: (folder / "cola" / "new.jpg").symlink_to("old.jpg"),
    "rename": lambda folder: (folder / "cola" / "old.jpg").rename(folder / "cola" / "new.jpg"),
    "rename folder": lambda folder: (folder / "cola").rename(folder / "coke"),
    "mv out": lambda folder: (folder / "cola").rename(folder.parent / "cola"),
    "delete": lambda folder: (folder / "cola" / "old.jpg").unlink(),
    "delete folder": lambda folder: shutil.rmtree(folder / "cola"),
    "chmod": lambda folder: (folder / "cola" / "old.jpg").chmod(0o600),
    "chmod folder": lambda folder: (folder / "cola").chmod(0o700),
    "replace": lambda folder: (folder / "cola" / "old.jpg").write_bytes(b"new"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_way_in_and_out_is_noticed(folder: Path, watcher: Watcher, change: str) -> None:
    CHANGES[change](folder)
    assert watcher.wait(SOON)
    assert not watcher.wait(0)


@pytest.mark.parametrize("change", ("scp -r", "mv in", "rename folder"))
def test_a_new_folder_is_watched(folder: Path, watcher: Watcher, change: str) -> None:
    CHANGES[change](folder)
    assert watcher.wait(SOON)
    (new,) = (path for path in folder.iterdir() if path.name != "cola")
    (new / "later.jpg").write_bytes(b"later")
    assert watcher.wait(SOON)


def test_a_folder_moved_out_is_watched_no_longer(folder: Path, watcher: Watcher) -> None:
    CHANGES["mv out"](folder)
    assert watcher.wait(SOON)
    (folder.parent / "cola" / "later.jpg").write_bytes(b"later")
    assert not watcher.wait(3 * watch.QUIET)


def test_dot_names_are_nothing(folder: Path, watcher: Watcher) -> None:
    (folder / ".~tmp~").mkdir()
    (folder / ".~tmp~" / "1.jpg").write_bytes(b"new")
    (folder / "cola" / ".1.jpg.Xy12zz").write_bytes(b"new")
    assert not watcher.wait(3 * watch.QUIET)


def test_a_file_is_busy_until_it_is_closed(folder: Path, watcher: Watcher) -> None:
    new, old = folder / "cola" / "new.jpg", folder / "cola" / "old.jpg"
    with new.open("wb", buffering=0) as first, old.open("r+b", buffering=0) as second:
        assert not watcher.wait(0)
        assert watcher.busy(new)  # created, nothing written yet
        first.write(b"half")
        second.write(b"in place")
        assert not watcher.wait(3 * watch.QUIET)  # a slow copy is no change until it is done
        assert watcher.busy(new) and watcher.busy(old)
    assert watcher.wait(SOON)
    assert not watcher.busy(new) and not watcher.busy(old)


def test_a_writer_that_stalls_is_not_waited_for_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    watcher = Watcher(folder, clock=lambda: now)
    with (folder / "cola" / "new.jpg").open("wb", buffering=0) as file:
        file.write(b"half")
        watcher.wait(0)
        assert watcher.busy(folder / "cola" / "new.jpg")
        now += watch.STALLED
        assert not watcher.busy(folder / "cola" / "new.jpg")
    watcher.close()


def test_the_folder_may_go_and_come_back(folder: Path, watcher: Watcher) -> None:
    folder.rename(folder.with_name("elsewhere"))
    assert watcher.wait(SOON)
    assert not watcher.wait(3 * watch.POLL)
    folder.mkdir()
    assert watcher.wait(SOON)
    (folder / "cola1.jpg").write_bytes(b"new")
    assert watcher.wait(SOON)


def test_lost_events_are_a_change_and_folders_are_found_again(folder: Path, watcher: Watcher) -> None:
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if limit > 100_000:
        pytest.skip(f"the queue holds {limit} events, too many to overflow here")
    paths = [folder / "cola" / "old.jpg", folder / "cola"]
    for i in range(limit + 10):
        os.utime(paths[i % 2])
    (folder / "fanta").mkdir()  # its event is lost
    assert watcher.wait(SOON)
    (folder / "fanta" / "1.jpg").write_bytes(b"new")
    assert watcher.wait(SOON)


def test_without_inotify_every_second_is_a_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(self: Inotify, path: Path) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Inotify, "add", none_left)
    watcher = Watcher(folder)
    assert watcher.polling
    assert watcher.wait(SOON) and watcher.wait(SOON)
    assert not watcher.wait(0)
    watcher.close()


def test_waking_ends_a_wait(folder: Path, watcher: Watcher) -> None:
    watcher.wake()
    assert not watcher.wait(3600)
