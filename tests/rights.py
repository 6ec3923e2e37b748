"""A user who may not read what belongs to root."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """While this lasts, this process may not look into the folder. What it imports then may be closed to it, too."""
    user = os.geteuid()
    folder.mkdir(mode=0o700 if user == 0 else 0o000)
    try:
        if user == 0:
            os.seteuid(65534)
        yield
    finally:
        os.seteuid(user)
