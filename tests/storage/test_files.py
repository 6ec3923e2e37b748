import os
import subprocess
from pathlib import Path

import pytest

from edge.storage.files import volatile, write_atomic


def test_the_new_version_replaces_the_old_one(tmp_path):
    path = tmp_path / "file"
    for content in (b"old and long", b"new"):
        write_atomic(path, content)
        assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["file"]


def test_a_failed_write_leaves_the_old_version_alone(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomic(path, b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["file"]


def test_content_is_durable_before_the_name_and_the_name_before_the_return(tmp_path, monkeypatch):
    steps = []
    fsync, rename = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (steps.append("folder" if os.path.isdir(fd) else "file"), fsync(fd)))
    monkeypatch.setattr(os, "replace", lambda *names: (steps.append("rename"), rename(*names)))
    monkeypatch.setattr(os.path, "isdir", lambda fd: os.fstat(fd).st_mode & 0o170000 == 0o040000)
    write_atomic(tmp_path / "file", b"content")
    assert steps == ["file", "rename", "folder"]


MOUNTS = r"""22 1 0:20 / / rw - overlay overlayroot rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay
23 22 179:2 / /media/root-ro ro - ext4 /dev/mmcblk0p2 ro
24 22 0:25 / /media/root-rw rw - tmpfs tmpfs-root rw
25 22 8:1 / /mnt/a\040stick rw - ext4 /dev/sda1 rw
"""


def test_what_lies_on_an_overlay_or_in_memory_may_be_lost() -> None:
    assert volatile(Path("/var/lib/bottlebank"), MOUNTS) == "overlay"
    assert volatile(Path("/media/root-rw/x"), MOUNTS) == "tmpfs"
    assert volatile(Path("/media/root-ro/x"), MOUNTS) is None
    assert volatile(Path("/mnt/a stick/state"), MOUNTS) is None
    assert volatile(Path("/mnt/a"), MOUNTS) == "overlay"


def test_a_later_mount_hides_an_earlier_one() -> None:
    assert volatile(Path("/x"), MOUNTS + "26 22 179:2 / / rw - ext4 /dev/mmcblk0p2 rw\n") is None


def test_of_this_machine_too(tmp_path: Path) -> None:
    found = subprocess.run(["stat", "-f", "-c", "%T", tmp_path], text=True, capture_output=True).stdout.strip()
    assert volatile(tmp_path) == {"tmpfs": "tmpfs", "overlayfs": "overlay"}.get(found)
