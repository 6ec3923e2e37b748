"""What a photo of 12 megapixels costs decoded whole, and at reduced size as `identify` does; and how true that is.

python -m benchmarks.decoding: milliseconds of CPU, until the photo is a crop; the least cosine between the vectors of
both over the hundred photos, with the goal that BOUND states.
"""

# ruff: noqa: E402
from edge import threads

threads.limit()

import time
from statistics import median

from benchmarks import machine, material, plots, tables
from edge.bench import limits
from edge.bench.measurement import Measurement
from edge.images import finder
from edge.images.letterbox import letterbox
from edge.images.reader import read_photo
from edge.model.embedder import Embedder

BOUND = 0.999
"""The cosine that the vector of a photo decoded at reduced size has at least with that of the photo decoded whole."""


def main() -> None:
    """Measure, print the table."""
    embedder, before = Embedder(material.extractor() / "float32.tflite"), machine.load()
    size, cosines = embedder.card.size, []
    taken: dict[str, list[float]] = {"whole": [], "reduced": []}
    for file in sorted(material.photos(large=True).glob("*.jpg")):
        times = [time.process_time()]
        whole = letterbox(read_photo(file), size)
        times.append(time.process_time())
        reduced = finder.crop(file, size)
        times.append(time.process_time())
        taken["whole"].append(1000 * (times[1] - times[0]))
        taken["reduced"].append(1000 * (times[2] - times[1]))
        one, other = embedder.embed([whole, reduced])  # type: ignore[list-item]  # all of them can be decoded
        cosines.append(float(one @ other))
    spent = {name: median(each) for name, each in taken.items()}
    print("| decoded | ms of CPU a photo |\n|---|---|")
    for name, each in spent.items():
        print(f"| {name} | {each:.1f} |")
    print(f"\n{tables.goals([Measurement('least cosine of reduced to whole', min(cosines), BOUND, at_least=True)])}")
    found = {"machine": limits.machine(), "load before": before, "ms": spent, "cosine": min(cosines)}
    plots.keep("decoding", found)


if __name__ == "__main__":
    main()
