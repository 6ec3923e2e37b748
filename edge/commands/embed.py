"""Write the embeddings of a folder's images to a NumPy file."""

import sys
from argparse import ArgumentParser, Namespace
from io import BytesIO
from itertools import takewhile

import numpy as np

from edge import exit_codes
from edge.assembly import parts
from edge.console import interrupt
from edge.console.options import add_config, configuration, output_file, path
from edge.console.progress import progress
from edge.errors import BadArguments
from edge.images import finder
from edge.recognition import batch
from edge.storage.files import write_atomic


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("folder", type=path, metavar="FOLDER", help="a folder of images, at any depth")
    parser.add_argument(
        "-o", "--output", type=output_file(".npz"), required=True, metavar="FILE.npz", help="the file to write"
    )
    add_config(parser)


def run(args: Namespace) -> int:
    """Write `vectors` float32 (N, D), `files` (N relative paths) and `model` (its id).

    Return 1 if one was left out, 130 after Ctrl-C, when what was done until then is written.
    """
    config = configuration(args)
    if not args.folder.is_dir():
        raise BadArguments(f"FOLDER {args.folder}: no such folder; give a folder of images")
    embedder = parts.embedder(config)
    vectors, files = [np.empty((0, embedder.card.dimension), np.float32)], []
    show, found = progress("images"), list(finder.find([args.folder]))
    with interrupt.noted() as interrupted:
        wanted = takewhile(lambda _: not interrupted, found)
        for number, (file, crop, vector) in enumerate(batch.embed(wanted, config.model, embedder), 1):
            if vector is None:
                print(f"bottlebank: {crop}", file=sys.stderr)
            else:
                vectors.append(vector)
                files.append(str(file.relative_to(args.folder)))
            show(number, len(found))
    content = BytesIO()
    np.savez(content, vectors=np.concatenate(vectors), files=np.array(files, np.str_), model=np.array(embedder.card.id))
    write_atomic(args.output, content.getvalue())
    print(
        f"{args.output}: {len(files)} of {len(found)} images, {embedder.card.dimension} numbers each", file=sys.stderr
    )
    if interrupted:
        return exit_codes.INTERRUPTED
    return exit_codes.OK if len(files) == len(found) else exit_codes.SOME_FAILED
