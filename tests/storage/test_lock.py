import os
import subprocess
import sys
from pathlib import Path

import pytest

from edge.errors import StateInUse
from edge.storage.lock import FileLock, holder

HOLD = """
import sys
from pathlib import Path
from edge.storage.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(flush=True)
input()
"""


def test_the_second_is_refused_with_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout and other.stdout.readline() == "\n"
        assert holder(path) == other.pid
        with pytest.raises(StateInUse, match=f"process {other.pid} works on this folder; stop"):
            FileLock(path)
        assert holder(path) == other.pid
        other.kill()
    assert holder(path) is None  # it ends with its process, and what the file says then counts no more
    FileLock(path).close()


def test_within_one_process_too(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert holder(path) is None and not path.exists()
    first = FileLock(path)
    with pytest.raises(StateInUse, match=f"process {os.getpid()} "):
        FileLock(path)
    assert holder(path) == os.getpid()
    first.close()
    assert holder(path) is None
