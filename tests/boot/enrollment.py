"""Photos to copy in, and whether the bank agrees with the folder."""

import itertools
import json
import time
from hashlib import blake2b
from pathlib import Path

from edge.bank.store import Bank
from tests.bank.pictures import encoded
from tests.boot.machine import Machine, until
from tests.boot.trees import USER
from tests.tiny import colours

ENROLL = "/var/lib/bottlebank/enroll"
_seeds = itertools.count()
_whole: set[bytes] = set()


def photo(path: Path, noise: float = 5) -> Path:
    """Write a photo like no other; more noise makes a larger file."""
    content = encoded(colours(next(_seeds), noise), path.suffix)
    _whole.add(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def folder_says(machine: Machine) -> dict[str, tuple[str, str]]:
    """What has to be in the bank, by photo: product and state."""
    enroll = Path(f"{machine.tree}{ENROLL}")
    found = {}
    for path in enroll.rglob("*.*"):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(enroll).parts):
            name = path.relative_to(enroll).as_posix()
            product = name.partition("/")[0] if "/" in name else path.stem.rstrip("0123456789")
            readable = path.stat().st_mode & 0o044
            found[name] = (product, "enrolled" if readable and path.read_bytes() in _whole else "refused")
    return found


def list_says(machine: Machine) -> dict[str, tuple[str, str]]:
    """What `bottlebank list` shows the login user."""
    lines = machine.run("bottlebank list --json", USER).stdout.splitlines()
    return {entry["photo"]: (entry["product"], entry["state"]) for entry in map(json.loads, lines)}


def agrees(machine: Machine, seconds: float) -> float:
    """Wait until the bank is as the folder says, assert that the list says so too, and return how long that took."""
    start = time.monotonic()
    wanted = folder_says(machine)
    enrolled = {name for name, (_, state) in wanted.items() if state == "enrolled"}
    contents = {
        name: blake2b(Path(f"{machine.tree}{ENROLL}/{name}").read_bytes(), digest_size=16).digest() for name in enrolled
    }
    last: dict[str, tuple[str, str]] = {}

    def ask() -> bool:
        with Bank(Path(f"{machine.tree}/var/lib/bottlebank/bank.db")) as bank:
            last.clear()
            last.update((entry.photo, (entry.product, entry.state)) for entry in bank.entries())
            current = {name: row.hash for name, row in bank.rows().items() if name in enrolled}
        return last == wanted and current == contents

    try:
        until(ask, seconds)
    except AssertionError:
        difference = {name: (last.get(name), wanted.get(name)) for name in last.keys() | wanted.keys()}
        different = [(name, pair) for name, pair in difference.items() if pair[0] != pair[1]]
        raise AssertionError(f"bank and folder differ after {seconds} s: {different[:5]}") from None
    took = time.monotonic() - start
    assert list_says(machine) == wanted
    return took
