"""Say of the configuration, the camera, the model and the bank whether they work, and what to do where not."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import closing

from edge import exit_codes
from edge.config import SYSTEM_FILE, Config
from edge.console.options import add_config, configuration
from edge.console.text import count
from edge.errors import BadConfig, CameraError, EdgeError, StoreError
from edge.storage.database import unwritable

DARK = 5
"""Mean level of a picture, out of 255, under which nothing can be seen in it, as with a lens cap on."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the verb's options."""
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print one line for each part; return the exit code of the first that is at fault."""
    try:
        config = configuration(args)
    except BadConfig as error:
        for line in str(error).splitlines():
            print(f"fault  configuration  {line}")
        return exit_codes.CONFIG
    source = args.config or (SYSTEM_FILE if SYSTEM_FILE.exists() else "every key at its default")
    print(f"ok     configuration  {source}")
    code = exit_codes.OK
    for name, part in PARTS.items():
        try:
            print(f"ok     {name:13}  {part(config)}", flush=True)
        except (EdgeError, OSError) as error:
            print(f"fault  {name:13}  {error}", flush=True)
            code = code or exit_codes.code(error)
    return code


def camera(config: Config) -> str:
    """Given the configuration, take a frame and return what gave it. Raise CameraError if the camera does not work."""
    from edge.cameras.factory import open_camera

    with closing(open_camera(config.camera)) as opened:
        frame = next(iter(opened), None)
    if frame is None:
        raise CameraError(f"{config.camera.kind}: ended before the first frame; look at what it reads")
    asked = config.camera
    source = f"seed {asked.seed}" if asked.kind == "simulated" else asked.path or asked.device
    small = "" if frame.small is None else f", and {frame.small.shape[1]}x{frame.small.shape[0]} for isolation"
    dark = "; the picture is all but black: is there light?" if frame.image.mean() < DARK else ""
    return f"{asked.kind} {source}, {opened.size[0]}x{opened.size[1]} pixels{small}{dark}"


def model(config: Config) -> str:
    """Given the configuration, return what its model is. Raise BadModel if it does not work."""
    from edge.model.embedder import Embedder

    embedder = Embedder(config.model.path, config.model.threads, config.model.delegate)
    card = embedder.card
    runtime = embedder.runtime.split(".")[0]
    return (
        f"{config.model.path}, id {card.id[:12]}, {card.precision}, {card.size} pixels to {card.dimension} numbers, "
        f"threshold {card.threshold:.3f}, on {runtime}"
    )


def bank(config: Config) -> str:
    """Given the configuration, return what is enrolled. Raise StoreError if bank or photos cannot be used."""
    from edge.bank.folder import scan
    from edge.bank.store import Bank

    folder, path = config.state.folder, config.state.bank
    photos = count(len(scan(config.enroll.folder)), "photo")
    existing = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not os.access(existing, os.W_OK):
        raise StoreError(f"{existing}: this user may not write there; be the service's user or give --state")
    if not path.exists():  # checking makes no file: it may run as another user than the service
        return f"{path} is made when photos are enrolled; {photos} in {config.enroll.folder}"
    with Bank(path) as enrolled:
        entries = enrolled.entries()
    refused = sum(entry.state == "refused" for entry in entries)
    hint = ", see `bottlebank list`" if refused else ""
    return f"{path}, {len(entries) - refused} enrolled, {refused} refused{hint}; {photos} in {config.enroll.folder}"


def disk(config: Config) -> str:
    """Given the configuration, return where state and photos are kept. Raise StoreError if they cannot."""
    from edge.assembly import perishable

    folders = sorted({config.state.folder, config.enroll.folder})
    for folder in folders:
        if state := unwritable(folder / "any"):
            mend = "free some space" if state == "full" else "sudo dmesg, which says why, then a reboot"
            raise StoreError(f"{folder}: the disk is {state}; try: {mend}")
    if loss := perishable(config):
        raise StoreError(loss)
    return f"{' and '.join(map(str, folders))} can be written, and last"


PARTS: dict[str, Callable[[Config], str]] = {"camera": camera, "model": model, "disk": disk, "bank": bank}
