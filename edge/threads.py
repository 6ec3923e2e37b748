"""How many threads numpy and OpenCV take: one. What they work on is small; several would wait.

They read this from the environment when they are loaded. The model's own threads are those of the configuration.
"""

import os
from collections.abc import MutableMapping

VARIABLES = ("OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")


def limit(environment: MutableMapping[str, str] = os.environ) -> None:
    """Ask for one thread each, unless the environment, this process's or another's to be, says otherwise."""
    for variable in VARIABLES:
        environment.setdefault(variable, "1")
