import os

import pytest

from edge.files import write_atomic


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
