"""One epoch of one stage: the data in a fixed order from any step on, a checkpoint every so often, and the verdict."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keras

from training.data.batch import Batch, Source
from training.model import checkpoint
from training.model.checkpoint import Progress


class Feed(keras.utils.PyDataset):
    """Batches as the training model takes them: ((image, one_hot), one_hot, weight), made ahead in other threads.

    The weight is 0 for an image without a class: TensorFlow's cross-entropy has a gradient even where one-hot is zero.
    Keras's own `workers` are not used: where an epoch begins in its middle they give the last batches out of order.
    """

    def __init__(self, give: Callable[[int], Batch], count: int) -> None:
        super().__init__()
        self._give, self._count = give, count
        self._ahead = os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._ahead)
        self._coming: dict[int, Future[Batch]] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> tuple[tuple[Any, Any], Any, Any]:
        for i in range(index, min(index + 1 + self._ahead, self._count)):
            if i not in self._coming:
                self._coming[i] = self._pool.submit(self._give, i)
        images, one_hot = self._coming.pop(index).result()
        return (images, one_hot), one_hot, one_hot.sum(axis=1)


class Stopped(Exception):
    """Training was asked to stop, and has saved where it stands."""


class Checkpoints(keras.callbacks.Callback):
    """Within an epoch of `steps`, saves the state every `every` steps, and when asked to stop; then raises Stopped."""

    def __init__(self, path: Path, progress: Progress, steps: int, every: int, stop: Callable[[], bool]) -> None:
        super().__init__()
        self._path, self._progress, self._steps, self._every, self._stop = path, progress, steps, every, stop

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self._progress.step += 1
        if self._progress.step == self._steps:
            return  # the epoch ends with its validation
        stopping = self._stop()
        if stopping or self._progress.step % self._every == 0:
            checkpoint.save(self._path, self._progress, self.model)
        if stopping:
            raise Stopped


def run_epoch(model: keras.Model, source: Source, progress: Progress, checkpoints: Checkpoints) -> dict[str, float]:
    """Given a compiled training model, finish the epoch that `progress` stands in and return Keras's figures of it."""
    first = progress.step
    history = model.fit(
        Feed(lambda index: source.batch(progress.total, first + index), source.steps - first),
        initial_epoch=progress.total,
        epochs=progress.total + 1,
        shuffle=False,
        callbacks=[checkpoints],
    )
    return {name: float(values[-1]) for name, values in history.history.items()}


def judge(progress: Progress, loss: float, patience: int) -> tuple[bool, bool]:
    """Given an epoch's validation loss, count the epoch; return whether it is the best, and whether the rate falls."""
    progress.epoch, progress.total, progress.step = progress.epoch + 1, progress.total + 1, 0
    if loss < progress.best:
        progress.best, progress.stale = loss, 0
        return True, False
    progress.stale += 1
    if progress.stale < patience:
        return False, False
    progress.stale = 0
    return False, True
