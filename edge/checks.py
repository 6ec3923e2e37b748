"""Whether camera, model, disk and bank work, each tried as the service uses it; what `bottlebank check` prints."""

import errno
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile

from edge.assembly import parts
from edge.bank.folder import scan
from edge.bank.store import BankReader
from edge.cameras.camera import Camera
from edge.cameras.factory import open_camera
from edge.config import CameraConfig, Config
from edge.errors import CameraError, StoreError
from edge.images.writer import write_picture
from edge.images.zones import draw_zones
from edge.storage.database import NEEDED
from edge.storage.files import readable, volatile
from edge.text import count

DARK_LEVEL = 5
"""Mean level of a picture, out of 255, under which nothing can be seen in it, as with a lens cap on."""

REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EROFS: "the disk is read-only; try: sudo dmesg, which says why, then a reboot",
    errno.EACCES: "this user may not write there; try: sudo bottlebank check",
    errno.EPERM: "this user may not write there; try: sudo bottlebank check",
}


def check_camera(
    config: Config, camera_of: Callable[[CameraConfig], Camera] = open_camera, picture: Path | None = None
) -> str:
    """Take a frame and return what gave it. Raise CameraError if the camera does not work.

    picture: where the frame is written, a .jpg or .png, with the zones drawn that isolation ignores. Raise OSError.
    """
    with closing(camera_of(config.camera)) as camera:
        frame = next(iter(camera), None)
    name = parts.camera_name(config.camera)
    if frame is None:
        raise CameraError(f"{name}: ended before the first frame; expected frames")
    small = "" if frame.small is None else f", and {frame.small.shape[1]}x{frame.small.shape[0]} for isolation"
    dark = "; the picture is all but black: is there light?" if frame.image.mean() < DARK_LEVEL else ""
    if picture:
        write_picture(picture, draw_zones(frame.image, config.isolation.ignore))
    return f"{name}, {camera.size[0]}x{camera.size[1]} pixels{small}{dark}"


def check_model(config: Config) -> str:
    """Run the model and return what it is. Raise BadModel if it does not work."""
    embedder = parts.embedder(config)
    card = embedder.card
    runtime = embedder.runtime.split(".")[0]
    return (
        f"{config.model.path}, id {card.id[:12]}, {card.precision}, {card.size} pixels to {card.dimension} numbers, "
        f"threshold {card.threshold:.3f}, on {runtime}"
    )


def write_probe(folder: Path) -> None:
    """Given a folder, or one that could be made, write a hidden file there and delete it. Raise OSError."""
    existing = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    with NamedTemporaryFile(dir=existing, prefix=".bottlebank-check-") as file:
        file.write(bytes(NEEDED))
        file.flush()


def check_disk(
    config: Config,
    probe: Callable[[Path], None] = write_probe,
    kind_of: Callable[[Path], str | None] = volatile,
) -> str:
    """Write to the folders and return which can be written. Raise StoreError if the state cannot, or does not last."""
    state, photos = config.state.folder, config.enroll.folder
    try:
        probe(state)
    except OSError as error:
        raise StoreError(f"{state}: {REMEDIES.get(error.errno or 0, error.strerror)}") from error
    if warning := parts.volatile_folder(config, kind_of):
        raise StoreError(warning)
    try:
        probe(photos)
    except OSError as error:
        return f"{state} can be written; {photos} cannot by this user: {error.strerror}; the service only reads it"
    return f"{state} and {photos} can be written"


def check_bank(config: Config) -> str:
    """Return what is enrolled. Raise StoreError if the bank or the photos cannot be read."""
    folder, path = config.enroll.folder, config.state.bank
    photos = count(len(scan(folder)), "photo")
    if not readable(path):
        return f"{path} is made when photos are enrolled; {photos} in {folder}"
    with BankReader(path) as bank:
        entries = bank.entries()
    refused = sum(entry.state == "refused" for entry in entries)
    good = sum(entry.state == "enrolled" for entry in entries)
    hint = ", see `bottlebank list`" if refused else ""
    return f"{path}, {good} enrolled, {refused} refused{hint}; {photos} in {folder}"


CHECKS: dict[str, Callable[[Config], str]] = {
    "camera": check_camera,
    "model": check_model,
    "disk": check_disk,
    "bank": check_bank,
}
"""Given the configuration, each returns a line about its part, or raises EdgeError or OSError."""
