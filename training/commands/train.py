"""`python -m training train` and `export`: from photos to a model in one command, in as many processes as it takes.

Keras is loaded only when a verb runs, on the backend that KERAS_BACKEND names (TensorFlow if none); exporting runs
on TensorFlow whatever trained.
"""

import argparse
import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from edge.errors import BadModel
from training import recipe as recipes

CROPS = "crops.npz"
"""In a run's folder: representative, crops that int8 takes its ranges from, and golden, drawn ones that may ship."""

DATA = "data.yaml"
"""In a run's folder: the names of what it was trained on."""

MODEL = "model.tflite"
"""In a fold's folder: what was trained."""

STOPPED = 130
"""Exit code of a training that was interrupted and can go on."""


_ENDING = (signal.SIGINT, signal.SIGTERM)


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", help=f"a recipe's file, or one of {', '.join(_known_recipes())}")
    parser.add_argument(
        "--photos", type=Path, action="append", default=[], help="a folder of <product>/; may be repeated"
    )
    parser.add_argument("--unlabelled", type=Path, action="append", default=[], help="a folder of photos to distill on")
    parser.add_argument("--leave-out", default="", metavar="PRODUCT,...", help="products that must not be trained on")
    parser.add_argument(
        "--run",
        type=Path,
        dest="run_folder",
        help="folder of the run; the same command goes on there (default runs/NAME)",
    )
    parser.add_argument("--out", type=Path, help="then export here: models/NAME or models/NAME.tflite")
    parser.add_argument("--precision", default="float16", help="of the exported weights (default float16)")


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_folder", type=Path, metavar="RUN", help="folder of a finished run")
    parser.add_argument("--out", type=Path, required=True, help="models/NAME or models/NAME.tflite")
    parser.add_argument("--precision", default="float16", help="float32, float16 (default), dynamic or int8")
    parser.add_argument("--fused", action="store_true", help="the bank as a second input, the scores as the output")
    parser.add_argument("--threshold", type=float, default=0.95, help="default cosine of the card, until measured")


def run_train(args: argparse.Namespace) -> int:
    """Train, and export if asked to. Return 0, or 130 if it was interrupted and can go on."""
    recipe = recipes.load_recipe(args.recipe)
    run = args.run_folder or Path("runs") / (args.out.stem if args.out else Path(args.recipe).stem)
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from training.data.source import open_source
    from training.model import backbones
    from training.model.epoch import Stopped
    from training.model.train import train

    left_out = [name for name in args.leave_out.split(",") if name]
    size = recipe.backbone.size or backbones.find(recipe.backbone.name).size
    source = open_source(recipe, args.photos, args.unlabelled, left_out, recipe.fit.size or size)
    try:
        train(recipe, source, run, _asked_to_stop())
    except Stopped:
        print(f"stopped; the same command goes on from {run}")
        return STOPPED
    (run / DATA).write_text(yaml.safe_dump(data_of(args.photos, args.unlabelled, left_out), sort_keys=False))
    crops = dataclasses.replace(source, size=size)
    np.savez_compressed(run / CROPS, representative=crops.representative(), golden=crops.golden())
    if args.out is None:
        return 0
    command = [sys.executable, "-m", "training", "export", str(run), "--out", str(args.out)]
    return subprocess.run([*command, "--precision", args.precision], env=_on_tensorflow()).returncode


def run_export(args: argparse.Namespace) -> int:
    """Export a finished run. Return 0; raise BadModel if the file does not agree with what was trained."""
    os.environ |= _on_tensorflow()
    extractor_file, crops_file = args.run_folder / "extractor.keras", args.run_folder / CROPS
    if not extractor_file.exists() or not crops_file.exists():
        raise BadModel(f"run {args.run_folder}: not finished; `python -m training train` with the same recipe goes on")
    import keras

    from training.model import arcface, backbones, export  # noqa: F401  (they register the layers)

    model = keras.saving.load_model(extractor_file)
    with np.load(crops_file) as crops:
        representative, golden = crops["representative"], crops["golden"]
    out = args.out if args.out.suffix == ".tflite" else args.out.with_name(args.out.name + ".tflite")
    fields = {"threshold": args.threshold, "about": _about(args.run_folder)}
    if args.fused:
        card = export.export_fused(model, out, args.precision, golden, fields)
    else:
        card = export.export(model, out, args.precision, representative, golden, fields)
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB, {card.precision}, id {card.id[:12]}")
    return 0


def train_fold(
    recipe: str, photos: Sequence[Path], folder: Path, left_out: Sequence[str], unlabelled: Sequence[Path] = ()
) -> bool:
    """Given a recipe, sets and products to leave out, train in `folder` in another process, up to its model.tflite.

    Return False if it was interrupted, by Ctrl-C or SIGTERM, and can go on. Raise BadModel if it fails.
    """
    command = [sys.executable, "-m", "training", "train", recipe, "--run", str(folder)]
    for option, folders in (("--photos", photos), ("--unlabelled", unlabelled)):
        for each in folders:
            command += [option, str(each)]
    command += ["--leave-out", ",".join(left_out), "--out", str(folder / MODEL), "--precision", "float32"]
    with subprocess.Popen(command) as process:
        before = {
            number: signal.signal(number, lambda received, _: process.send_signal(received)) for number in _ENDING
        }
        code = process.wait()
        for number, handler in before.items():
            signal.signal(number, handler)
    if code not in (0, STOPPED):
        raise BadModel(f"training {recipe} in {folder}: exit code {code}; see what it printed")
    return code == 0


def data_of(photos: Sequence[Path], unlabelled: Sequence[Path], left_out: Sequence[str]) -> dict[str, list[str]]:
    """What a card may say of the data: names, for paths are of one machine."""
    names = [[folder.resolve().name for folder in each] for each in (photos, unlabelled)]
    return {"photos": names[0], "unlabelled": names[1], "left out": list(left_out)}


def _about(run: Path) -> dict[str, Any]:
    """What the card says of a run: the products trained on, the data, the recipe."""
    recipe = recipes.load_recipe(run / "recipe.yaml")
    classes = (run / "classes.txt").read_text().splitlines()
    made_up = recipe.data.made_up
    trained = bool(recipe.fit.stages)
    return {
        "trained": classes[: len(classes) - made_up] if trained else [],
        "made-up products": made_up if trained else 0,
        "data": yaml.safe_load((run / DATA).read_text()),
        "recipe": recipes.described(recipe),
    }


def _asked_to_stop() -> Any:
    """Return a function that says whether this process was asked to end, by Ctrl-C or SIGTERM."""
    asked: list[int] = []
    for number in _ENDING:
        signal.signal(number, lambda received, _: asked.append(received))
    return lambda: bool(asked)


def _on_tensorflow() -> dict[str, str]:
    return os.environ | {"KERAS_BACKEND": "tensorflow"}


def _known_recipes() -> list[str]:
    return sorted(path.stem for path in recipes.FOLDER.glob("*.yaml"))
