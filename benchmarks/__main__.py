"""Every benchmark, one after the other, or those named, as docs/speed.md shows them: python -m benchmarks [NAME …]."""

import argparse
import os
import subprocess
import sys

from benchmarks import machine, material, page, plots
from edge import threads
from edge.bench import limits

ALL = {
    "bench": "edge.cli bench",
    "batches-small": "benchmarks.batches --rounds 11",
    "batches-large": "benchmarks.batches --large --rounds 3",
    "decoding": "benchmarks.decoding",
    "banks-256": "benchmarks.banks",
    "banks-1280": "benchmarks.banks --dimension 1280",
    "precisions": "benchmarks.precisions",
    "idle": "benchmarks.idle",
    "counts": "benchmarks.counts",
}
"""By the name of its place on the page, the module and its options."""


def peak() -> str:
    """What one core of the machine can do now, in words; with numpy held to one thread, so in another process."""
    environment = dict(os.environ)
    threads.limit(environment)
    code = "from edge.bench.limits import in_words, limits; print(in_words(limits()))"
    found = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return found.stdout.strip()


def run(words: str) -> str:
    """Given a module and its options, let it print, and return what it printed."""
    printed = []
    command = [sys.executable, "-m", *words.split()]
    with subprocess.Popen(command, cwd=material.ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            printed.append(line)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return "".join(printed)


def main() -> None:
    """Measure what is asked for, and put it on the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", choices=[[], *ALL], metavar="NAME", help=", ".join(ALL))
    for name in parser.parse_args().names or ALL:
        busy = f"{machine.load():.1f} threads wanted to run in the minute before"
        load = f"{limits.machine()}; {peak()}; {busy}."
        print(f"\n## {name}\n\n{load}\n", flush=True)
        printed = run(ALL[name]).strip()
        text = f"```\n{printed}\n```" if name == "bench" else printed
        plot = f"\n\n![The same as a plot]({name}.svg)" if (plots.DOCS / f"{name}.svg").exists() else ""
        page.put(name, f"{load}\n\n{text}{plot}")


if __name__ == "__main__":
    main()
