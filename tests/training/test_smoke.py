"""The whole path, as a user goes it: train, stop, resume, export, load on the edge, evaluate."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from edge.images.letterbox import letterbox
from edge.images.writer import write_picture
from edge.model.embedder import Embedder
from training.data.made_up.products import FLAVOURS, view
from training.evaluation.evaluate import evaluate

ROOT = Path(__file__).parents[2]
PRODUCTS, PHOTOS = 10, 8
CHANCE, MARGIN = 1 / PRODUCTS, 0.15


def training(*arguments):
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "training", *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def done(process):
    output, _ = process.communicate(timeout=900)
    return process.returncode, output


def write_set(folder, first):
    """Photos of made-up products of different brands, numbered from `first`: none that the recipe trains on."""
    rng = np.random.default_rng(9)
    for product in range(first, first + PRODUCTS * FLAVOURS, FLAVOURS):
        for photo in range(PHOTOS):
            path = folder / f"product {product}" / f"{photo}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_picture(path, view(product, rng))
    return folder


def test_train_stop_resume_export_load_evaluate(tmp_path):
    model, run = tmp_path / "models" / "smoke.tflite", tmp_path / "run"
    command = ["train", "smoke", "--run", run, "--out", model]

    first = training(*command)
    until = time.monotonic() + 600
    while not (run / "state.npz").exists() and first.poll() is None and time.monotonic() < until:
        time.sleep(0.2)
    first.send_signal(signal.SIGTERM)
    code, output = done(first)
    assert code == 130, output
    assert "the same command continues" in output
    assert not model.exists()

    code, output = done(training(*command))
    assert code == 0, output
    history = [json.loads(line) for line in (run / "history.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in history] == list(range(1, 7)), "no epoch is lost and none is done twice"
    assert min(line["val_loss"] for line in history) < 0.95 * history[0]["val_loss"]

    golden = np.load(model.with_suffix(".golden.npz"))
    embedder = Embedder(model)
    assert (embedder.card.size, embedder.card.precision) == (32, "float16")
    assert embedder.card.about["made-up products"] == 24
    assert embedder.card.about["trained"] == []
    assert (np.sum(embedder.embed(list(golden["crops"])) * golden["vectors"], axis=1) > 0.999).all()
    assert embedder.embed([letterbox(view(0, np.random.default_rng(0)), 100)]).shape == (1, embedder.card.dimension)

    (result,) = evaluate(embedder, [write_set(tmp_path / "never-trained", 6000)], trained=())
    assert result.groups["never-trained"].figures["accuracy"]["value"] >= CHANCE + MARGIN
