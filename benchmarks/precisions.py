"""The extractor in every precision, on 1, 2 and 4 threads: which is the fast model on this machine.

python -m benchmarks.precisions [--rounds N] [MODEL.tflite …]: in turn, in one process; medians. Also how true each is:
the least cosine to the float32 model over the hundred small photos, and how many name the same product.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks import machine, material, plots
from edge.bench import limits
from edge.images.letterbox import letterbox
from edge.images.reader import read_photo
from edge.model.embedder import Embedder

THREADS = (1, 2, 4)


def times(models: Sequence[Path], rounds: int) -> dict[tuple[str, int], list[float]]:
    """Given models, return the milliseconds of their invocations on each number of threads."""
    loaded = {(path.stem, threads): Embedder(path, threads) for path in models for threads in THREADS}
    taken: dict[tuple[str, int], list[float]] = {key: [] for key in loaded}
    for _ in range(rounds):
        for key, embedder in loaded.items():
            embedder.runner.interpreter.invoke()  # its weights are back in the caches
            start = machine.now()
            embedder.runner.interpreter.invoke()
            taken[key].append(1000 * (machine.now() - start))
    return taken


def truth(models: Sequence[Path]) -> dict[str, tuple[float, int]]:
    """Given models, the first of which is the reference, return each one's least cosine to it and the same names."""
    files = sorted(material.photos(large=False).glob("*.jpg"))
    size = Embedder(models[0]).card.size
    crops = [letterbox(read_photo(file), size) for file in files]
    enrolled = [letterbox(read_photo(file), size) for file in sorted(material.enrolled().glob("*/*.jpg"))]
    vectors, nearest = {}, {}
    for path in models:
        embedder = Embedder(path)
        vectors[path] = embedder.embed(crops)
        nearest[path] = (vectors[path] @ embedder.embed(enrolled).T).argmax(axis=1) // 4
    expected, names = vectors[models[0]], nearest[models[0]]
    return {
        path.stem: (float((vectors[path] * expected).sum(axis=1).min()), int((nearest[path] == names).sum()))
        for path in models
    }


def main() -> None:
    """Measure, print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="*", type=Path, metavar="MODEL.tflite", help="default: the extractor, 4 times")
    parser.add_argument("--rounds", type=int, default=60)
    args = parser.parse_args()
    models = args.models or [material.extractor() / f"{name}.tflite" for name in material.PRECISIONS]
    before, taken, true = machine.load(), times(models, args.rounds), truth(models)
    print(
        "| model | MB | " + " | ".join(f"{n} thread{'s' * (n > 1)}, ms" for n in THREADS) + " | cosine | same names |"
    )
    print("|---|---|" + "---|" * len(THREADS) + "---|---|")
    for path in models:
        each = " | ".join(f"{median(taken[path.stem, n]):.2f}" for n in THREADS)
        cosine, same = true[path.stem]
        print(f"| {path.stem} | {path.stat().st_size / 1e6:.1f} | {each} | {cosine:.4f} | {same} |")
    rows = [{"model": name, "threads": n, "ms": median(each)} for (name, n), each in taken.items()]
    plots.keep("precisions", {"machine": limits.machine(), "load before": before, "rows": rows, "true": true})


if __name__ == "__main__":
    main()
