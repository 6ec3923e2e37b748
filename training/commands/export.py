"""`python -m training export`: a finished run as .tflite, with its card and golden crops."""

import argparse
import os
from pathlib import Path

import numpy as np

from training.provenance import about
from training.run_folder import CROPS, EXTRACTOR, check_finished


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_folder", type=Path, metavar="RUN", help="folder of a finished run")
    parser.add_argument("--out", type=Path, required=True, help="models/NAME or models/NAME.tflite")
    parser.add_argument("--precision", default="float16", help="float32, float16 (default), dynamic or int8")
    parser.add_argument("--fused", action="store_true", help="take the bank as a second input and return the scores")
    parser.add_argument("--threshold", type=float, default=0.95, help="cosine on the card until one is measured")


def run(args: argparse.Namespace) -> int:
    """Export a finished run. Return 0; raise BadModel if the file does not agree with what was trained."""
    check_finished(args.run_folder)
    os.environ["KERAS_BACKEND"] = "tensorflow"  # whatever trained: only TensorFlow writes .tflite
    import keras  # takes seconds, which --help and a wrong folder need not wait for

    from training.model import arcface, backbones, export  # noqa: F401  (they register the layers)

    model = keras.saving.load_model(args.run_folder / EXTRACTOR)
    with np.load(args.run_folder / CROPS) as crops:
        representative, golden = crops["representative"], crops["golden"]
    out = args.out if args.out.suffix == ".tflite" else args.out.with_name(args.out.name + ".tflite")
    fields = {"threshold": args.threshold, "about": about(args.run_folder)}
    if args.fused:
        card = export.export_fused(model, out, args.precision, golden, fields)
    else:
        card = export.export(model, out, args.precision, representative, golden, fields)
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB, {card.precision}, id {card.id[:12]}")
    return 0
