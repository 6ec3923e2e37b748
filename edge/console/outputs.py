"""Files that commands write where an option says."""

from collections.abc import Collection
from pathlib import Path

from edge.errors import BadArguments


def check_output(path: Path, option: str, suffixes: Collection[str]) -> None:
    """Given where a file is to be written and the option that says so, raise BadArguments if it cannot be there.

    suffixes: what its name may end in, in small letters.
    """
    if path.suffix.lower() not in suffixes:
        raise BadArguments(f"{option} {path}: expected a name that ends in {' or '.join(sorted(suffixes))}")
    if not path.absolute().parent.is_dir():
        raise BadArguments(f"{option} {path}: no such folder; create it, or give another")
