"""Write the embeddings of a folder's images to a NumPy file."""

import sys
from argparse import ArgumentParser, Namespace
from io import BytesIO
from pathlib import Path

from edge import exits
from edge.errors import BadPhoto
from edge.verbs.options import add_config, configuration


def add_arguments(parser: ArgumentParser) -> None:
    """Add the verb's options."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder of images, at any depth")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.npz", help="the file to write")
    add_config(parser)


def run(args: Namespace) -> int:
    """Write `vectors` float32 (N, D), `files` (N relative paths) and `model` (its id); return 1 if one was left out."""
    import numpy as np

    from edge.files import write_atomic
    from edge.verbs import images, parts

    config = configuration(args)
    if not args.folder.is_dir():
        raise BadPhoto(f"{args.folder}: no such folder; give a folder of images")
    embedder = parts.embedder(config)
    vectors, files = [], []
    found = images.find([args.folder])
    for file, picture in images.read(found, embedder.card.size):
        if not isinstance(picture, Exception):
            vectors.append(embedder.embed([picture])[0])
            files.append(str(file.relative_to(args.folder)))
    matrix = np.array(vectors, np.float32).reshape(len(vectors), embedder.card.dimension)
    content = BytesIO()
    np.savez(content, vectors=matrix, files=np.array(files, np.str_), model=np.array(embedder.card.id))
    write_atomic(args.output, content.getvalue())
    print(
        f"{args.output}: {len(files)} of {len(found)} images, {embedder.card.dimension} numbers each", file=sys.stderr
    )
    return exits.OK if len(files) == len(found) else exits.SOME_FAILED
