"""`bottlebank run --json` with the simulated camera, to be killed; only that nobody waits for the scene's clock.

    python kill_driver.py CONFIG ENROLL STATE

So a minute of hands, bottles and light passes in seconds. Says "ready" on stderr when the first frame is done.
"""

import sys
import time
from collections.abc import Iterable, Iterator

from edge import cli
from edge.daemon import clock
from edge.types import Frame


def hurried(frames: Iterable[Frame]) -> Iterator[Frame]:
    for frame in frames:
        yield frame
        if frame.index == 0:
            print("ready", file=sys.stderr, flush=True)
        time.sleep(0.0005)  # a camera leaves the keeper its turn


clock.paced = hurried  # type: ignore[assignment]

if __name__ == "__main__":
    config, folder, state = sys.argv[1:]
    sys.exit(cli.main(["run", "--json", "--config", config, "--enroll", folder, "--state", state]))
