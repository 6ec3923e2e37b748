"""How many threads numpy and OpenCV take: one. Frames and banks are small; several threads would only wait.

They read this from the environment when they are loaded. The model's own threads are those of the configuration.
"""

import os

VARIABLES = ("OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")


def limit() -> None:
    """Ask for one thread each, unless the environment says otherwise."""
    for variable in VARIABLES:
        os.environ.setdefault(variable, "1")
