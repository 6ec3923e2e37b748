"""What the isolator has learned of the scene, kept over a restart."""

import io
import logging
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from edge.storage.files import write_atomic
from edge.text import one_line

log = logging.getLogger(__name__)

FILE = "background.npz"


def save_background(folder: Path, state: Mapping[str, Any]) -> None:
    """Given the state folder and the isolator's state, keep it. Raise OSError if the folder cannot be written."""
    content = io.BytesIO()
    np.savez_compressed(content, **state)
    write_atomic(folder / FILE, content.getvalue())


def load_background(folder: Path) -> dict[str, npt.NDArray[Any]] | None:
    """Given the state folder, return what was saved; None where nothing is, or nothing readable, which is logged."""
    try:
        with open(folder / FILE, "rb") as file, np.load(file, allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else one_line(error)
        log.warning("%s: %s; the saved empty scene is not used", folder / FILE, reason)
        return None
