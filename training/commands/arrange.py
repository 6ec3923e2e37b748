"""`python -m training arrange`: photos, sorted into one folder per product as a file names them."""

import argparse
from pathlib import Path

from training.data.arrange import LABELS, MIN_PHOTOS, arrange


def add_arguments(parser: argparse.ArgumentParser) -> None:
    known = ", ".join(sorted(path.stem for path in LABELS.glob("*.yaml")))
    parser.add_argument("labels", help=f"a file of labels, or one of {known}")
    parser.add_argument("--photos", type=Path, required=True, help="the folder of the folders that the file names")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        help=f"gets many/<product>/, few/<product>/ for under {MIN_PHOTOS} photos, and unnamed/ for the rest",
    )


def run(args: argparse.Namespace) -> int:
    """Write the photos and return 0; raise as `arrange` does."""
    path = Path(args.labels)
    found = arrange(path if path.suffix else LABELS / f"{args.labels}.yaml", args.photos, args.out)
    print(f"{args.out}: {found.many} products of {MIN_PHOTOS} photos or more, {found.few} of fewer")
    print(f"{args.out / 'unnamed'}: {found.unnamed} photos of no product")
    return 0
