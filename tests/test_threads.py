import os
import subprocess
import sys

from edge import threads
from tests.cameras import videos


def test_one_thread_each_unless_the_user_says_otherwise(monkeypatch):
    first, second = threads.VARIABLES
    monkeypatch.delenv(first, raising=False)
    monkeypatch.setenv(second, "3")
    threads.limit()
    assert (os.environ[first], os.environ[second]) == ("1", "3")


def test_opencv_heeds_it():
    ask = "from edge import threads; threads.limit(); import cv2; print(cv2.getNumThreads())"
    clean = {name: value for name, value in os.environ.items() if name not in threads.VARIABLES}
    assert subprocess.run([sys.executable, "-c", ask], capture_output=True, env=clean).stdout == b"1\n"


def test_the_reader_of_videos_takes_none_of_its_own(tmp_path):
    ask = (
        "import os, sys; from pathlib import Path; from edge import threads; threads.limit();"
        "from edge.cameras.video import VideoCamera; count = lambda: len(os.listdir('/proc/self/task'));"
        "before = count(); camera = VideoCamera(Path(sys.argv[1])); print(count() - before)"
    )
    clean = {name: value for name, value in os.environ.items() if name not in threads.VARIABLES}
    words = [sys.executable, "-c", ask, videos.write(tmp_path / "a.mp4")]
    assert subprocess.run(words, capture_output=True, env=clean).stdout == b"0\n"
