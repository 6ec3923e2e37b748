"""Say which product each image shows; images are taken whole, as they are."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edge import exits
from edge.verbs.options import add_config, add_json, configuration

if TYPE_CHECKING:
    from edge.types import Match


def add_arguments(parser: ArgumentParser) -> None:
    """Add the verb's options."""
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="an image file, or a folder of them")
    add_json(parser)
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print a line for each image in the order given; return 1 if some could not be used."""
    from edge.verbs import images, parts

    config = configuration(args)
    embedder = parts.embedder(config)
    match = parts.matcher(config, embedder, parts.enrolled(config, embedder, args))
    code = exits.OK
    for file, picture in images.read(images.find(args.images), embedder.card.size):
        if isinstance(picture, Exception):
            code = exits.SOME_FAILED
            if args.json:
                print(json.dumps({"file": str(file), "error": str(picture)}, ensure_ascii=False), flush=True)
            continue
        (answer,) = match(embedder.embed([picture]))
        print(as_json(file, answer) if args.json else as_line(file, answer), flush=True)
    return code


def as_json(file: Path, answer: "Match") -> str:
    """Given an image file and its answer, return one line of JSON; scores are cosines rounded to 4 places."""
    plain: dict[str, Any] = {
        "file": str(file),
        "product": answer.product,
        "score": _rounded(answer.score),
        "threshold": _rounded(answer.threshold),
        "margin": _rounded(answer.margin),
        "candidates": [{"product": c.product, "score": _rounded(c.score), "photo": c.photo} for c in answer.candidates],
    }
    return json.dumps(plain, ensure_ascii=False)


def as_line(file: Path, answer: "Match") -> str:
    """Given an image file and its answer, return one line for people."""
    if answer.product:
        return f"{file}  {answer.product}  {answer.score:.3f}"
    if answer.candidates:
        return (
            f"{file}  unknown  nearest {answer.candidates[0].product} {answer.score:.3f}, needs {answer.threshold:.3f}"
        )
    return f"{file}  unknown  nothing is enrolled"


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)
