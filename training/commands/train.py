"""`python -m training train`: from photos to a model in one command; the same command continues an interrupted run."""

import argparse
import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np

from training import recipe as recipes
from training.process import STOPPED, asked_to_stop
from training.provenance import data_of, write_data
from training.run_folder import CROPS, DRAWN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", help=f"a recipe's file, or one of {', '.join(recipes.known())}")
    parser.add_argument(
        "--photos", type=Path, action="append", default=[], help="a folder of <product>/; may be repeated"
    )
    parser.add_argument("--unlabelled", type=Path, action="append", default=[], help="a folder of photos to distill on")
    parser.add_argument("--leave-out", default="", metavar="PRODUCT,...", help="products that must not be trained on")
    parser.add_argument(
        "--run", type=Path, dest="run_folder", help="folder of the run, continued if it exists (default runs/NAME)"
    )
    parser.add_argument("--out", type=Path, help="then export here: models/NAME or models/NAME.tflite")
    parser.add_argument("--precision", default="float16", help="of the exported weights (default float16)")


def run(args: argparse.Namespace) -> int:
    """Train, and export if asked to. Return 0, or 130 if it was interrupted and can be continued."""
    recipe = recipes.load_recipe(args.recipe)
    folder = args.run_folder or Path("runs") / (args.out.stem if args.out else Path(args.recipe).stem)
    from training.data.source import open_source  # Keras takes seconds, which --help need not wait for
    from training.model import backbones
    from training.model.epoch import Stopped
    from training.model.train import train

    left_out = [name for name in args.leave_out.split(",") if name]
    size = recipe.backbone.size or backbones.find(recipe.backbone.name).size
    source = open_source(recipe, args.photos, args.unlabelled, left_out, recipe.fit.size or size, folder.parent / DRAWN)
    try:
        train(recipe, source, folder, asked_to_stop())
    except Stopped:
        print(f"stopped; the same command continues the run in {folder}")
        return STOPPED
    write_data(folder, data_of(args.photos, args.unlabelled, left_out))
    crops = dataclasses.replace(source, size=size)
    np.savez_compressed(folder / CROPS, representative=crops.representative(), golden=crops.golden())
    if args.out is None:
        return 0
    command = [sys.executable, "-m", "training", "export", str(folder), "--out", str(args.out)]
    return subprocess.run([*command, "--precision", args.precision]).returncode
