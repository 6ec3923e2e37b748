import os
from pathlib import Path

import pytest

from edge.daemon import service_lock
from edge.errors import StateInUse


def test_a_folder_has_one_service_that_others_can_name(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert service_lock.running(folder) is None
    with service_lock.lock(folder):
        assert service_lock.running(folder) == os.getpid()
        with pytest.raises(StateInUse, match=rf"state: process {os.getpid()} works on this folder"):
            service_lock.lock(folder)
    assert service_lock.running(folder) is None
    with service_lock.lock(folder):
        pass


def test_where_no_lock_can_be_had_that_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / service_lock.FILE).mkdir()
    with service_lock.lock(tmp_path):
        assert "a second service on this folder would not be noticed" in caplog.text
