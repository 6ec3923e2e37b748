"""Training, stage by stage, from the head down; interrupted anywhere and run again, it gives the same weights.

training/run_folder.py names the files of a run's folder.
"""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from edge.errors import BadConfig
from edge.storage.files import write_atomic
from training.data.batch import Source
from training.model import backbones, checkpoint
from training.model.arcface import ArcFace
from training.model.checkpoint import Progress
from training.model.epoch import Checkpoints, Stopped, judge, run_epoch
from training.model.imprint import imprint
from training.model.network import Head, extractor, training_model
from training.model.validation import validate
from training.recipe import Recipe, dump, load_recipe
from training.run_folder import BEST, CLASSES, EXTRACTOR, HISTORY, RECIPE, STATE, TENSORBOARD


def train(recipe: Recipe, source: Source, run: Path, stop: Callable[[], bool] = lambda: False) -> keras.Model:
    """Given a recipe and its data, train in the folder `run` and return the extractor, in float32.

    If the folder holds an interrupted run of the same recipe and classes, continue it. stop: asked after
    every step. Raise Stopped when it says so, BadConfig if the folder is of another recipe or the recipe is wrong.
    """
    _claim(run, recipe, source)
    _set_up(recipe)
    with _devices():
        student = _extractor(recipe, recipe.fit.size)
        start = student.get_weights()
        model = _training_model(recipe, student, len(source.classes))
        head = model.get_layer("head")
        if recipe.head.imprint and isinstance(head, ArcFace) and not (run / STATE).exists():
            imprint(head, student, source)
        _run_stages(recipe, source, run, model, student, stop)
    result = blend(recipe.fit.blend, student.get_weights(), start)
    keras.config.set_dtype_policy("float32")
    final = _extractor(recipe)
    final.set_weights(result)
    final.save(run / EXTRACTOR)
    return final


def blend(share: float, trained: checkpoint.Weights, start: checkpoint.Weights) -> checkpoint.Weights:
    """Given trained and starting weights, return share · trained + (1 − share) · start.

    The middle of the way between the two keeps much of what the start knew of other domains and most of what was
    learned: Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022, arXiv:2109.01903.
    """
    return [share * new + (1 - share) * old for new, old in zip(trained, start, strict=True)]


def _run_stages(
    recipe: Recipe, source: Source, run: Path, model: keras.Model, student: keras.Model, stop: Callable[[], bool]
) -> None:
    """Leave the model with the best weights of the last stage."""
    fit, saved, best = recipe.fit, run / STATE, run / BEST
    stages, unseen = list(fit.stages.items()), source.unseen()
    resuming = saved.exists()
    progress = checkpoint.progress_of(saved) if resuming else Progress()
    while progress.stage < len(stages):
        down_to, rate = stages[progress.stage]
        backbones.unfreeze(student.get_layer("trunk"), recipe.backbone.name, down_to)
        model.compile(
            keras.optimizers.Adam(rate, use_ema=fit.average > 0, ema_momentum=fit.average),
            keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=fit.label_smoothing),
            weighted_metrics=["accuracy"],
        )
        if resuming:
            checkpoint.restore(saved, model)
            resuming = False
        print(f"stage {progress.stage + 1} of {len(stages)}: {down_to}, {_trainable(model):,} weights train")
        while progress.epoch < fit.epochs:
            checkpoints = Checkpoints(saved, progress, source.steps, fit.save_every, stop)
            figures = run_epoch(model, source, progress, checkpoints)
            trained = model.get_weights()
            if fit.average:
                model.optimizer.finalize_variable_values(model.trainable_variables)
            figures |= validate(student, unseen)
            gained, falls = judge(progress, figures["val_loss"], fit.patience)
            figures["learning_rate"] = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
            _log(run, progress, down_to, figures)
            if gained:
                checkpoint.save_weights(best, model)
            model.set_weights(trained)
            if falls:
                model.optimizer.learning_rate = figures["learning_rate"] * fit.decay
            checkpoint.save(saved, progress, model)
            if stop():
                raise Stopped
        model.set_weights(checkpoint.load_weights(best))
        progress = Progress(stage=progress.stage + 1, total=progress.total)
    if stages:
        model.set_weights(checkpoint.load_weights(best))


def _claim(run: Path, recipe: Recipe, source: Source) -> None:
    """Make the folder this run's, or find that it is. Raise BadConfig if it is another's."""
    backbones.find(recipe.backbone.name)
    run.mkdir(parents=True, exist_ok=True)
    kept, classes = run / RECIPE, run / CLASSES
    names = "".join(f"{name}\n" for name in source.classes)
    if not kept.exists():
        write_atomic(classes, names.encode())
        write_atomic(kept, dump(recipe).encode())
    elif load_recipe(kept) != recipe:
        raise BadConfig(f"{run}: holds a run of another recipe, see {kept}; give another folder")
    elif classes.read_text() != names:
        raise BadConfig(f"{run}: holds a run over other classes, see {classes}; give another folder")


def _set_up(recipe: Recipe) -> None:
    keras.utils.set_random_seed(recipe.fit.seed)
    precision = recipe.fit.precision
    if precision == "auto":
        precision = "mixed_float16" if _gpus() else "float32"
    keras.config.set_dtype_policy(precision)


def _gpus() -> list[str]:
    if keras.backend.backend() == "torch":
        import torch

        return ["cuda"] if torch.cuda.is_available() else []
    return [name for name in keras.distribution.list_devices() if "gpu" in name.lower()]


def _devices() -> contextlib.AbstractContextManager[Any]:
    """All GPUs of this machine, each with its share of a batch: TensorFlow and JAX. PyTorch uses one."""
    scope: contextlib.AbstractContextManager[Any] = contextlib.nullcontext()
    if len(_gpus()) > 1 and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        scope = tf.distribute.MirroredStrategy().scope()
    elif len(_gpus()) > 1:
        scope = keras.distribution.DataParallel(auto_shard_dataset=False).scope()
    return scope


def _extractor(recipe: Recipe, size: int | None = None) -> keras.Model:
    """The extractor at a side other than its own has the same weights: it is convolutions and one average."""
    spec = recipe.backbone
    return extractor(spec.name, size or spec.size, None if spec.weights == "none" else spec.weights, spec.alpha)


def _training_model(recipe: Recipe, student: keras.Model, classes: int) -> keras.Model:
    spec, fit = recipe.head, recipe.fit
    head = Head(spec.kind, spec.scale, spec.margin, spec.easy_margin)
    if not fit.distill:
        return training_model(student, classes, head)
    with keras.name_scope("teacher"):  # on PyTorch, Keras loses one of two variables of the same path
        teacher = _extractor(recipe, fit.size)
    teacher.set_weights(student.get_weights())
    return training_model(student, classes, head, teacher, fit.distill)


def _trainable(model: keras.Model) -> int:
    return sum(int(keras.ops.size(weight)) for weight in model.trainable_weights)


def _log(run: Path, progress: Progress, stage: str, figures: dict[str, float]) -> None:
    line = {"epoch": progress.total, "stage": stage} | figures
    with open(run / HISTORY, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    try:
        import tensorflow as tf
    except ImportError:  # another backend alone: history.jsonl has the same figures
        return
    with tf.summary.create_file_writer(str(run / TENSORBOARD)).as_default(step=progress.total):
        for name, value in figures.items():
            tf.summary.scalar(name, value)
