"""Answers as they are printed: for people, as JSON lines, as CSV."""

import csv
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from edge.errors import BadPhoto
from edge.recognition.batch import Identified
from edge.text import printable
from edge.types import NOT_A_PRODUCT, Match

DIGITS = 6
"""Decimals of a score."""

COLUMNS = (
    *("file", "product", "score", "threshold", "confidence", "margin", "photo"),
    *("second", "second_score", "third", "third_score"),
)


class Summary:
    """Counts answers. done: all of them; failed: those of images that could not be used."""

    def __init__(self) -> None:
        self.done = self.failed = self._named = 0

    def add(self, each: Identified) -> None:
        """Count an answer."""
        self.done += 1
        self.failed += each.answer is None
        self._named += each.answer is not None and each.answer.product is not None

    def __str__(self) -> str:
        failed = f", {self.failed} cannot be used" if self.failed else ""
        return f"{self._named} named, {self.done - self.failed - self._named} unknown{failed}"


def answer_printer(form: str | None) -> Callable[[Identified], None]:
    """Given json, csv or None, return what prints an answer on stdout at once: so, or in words."""
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")

        def row(values: Iterable[Any]) -> None:
            writer.writerow(values)
            sys.stdout.flush()

        row((*COLUMNS, "error"))
        return lambda each: row(as_row(each))
    line = as_json if form == "json" else as_line
    return lambda each: print(line(each), flush=True)


def as_json(each: Identified) -> str:
    """Given an answer, return one line of JSON; scores are cosines rounded to 6 places."""
    if isinstance(each.crop, BadPhoto) or each.answer is None:
        return json.dumps({"file": str(each.file), "error": str(each.crop)}, ensure_ascii=False)
    answer = each.answer
    plain: dict[str, Any] = {
        "file": str(each.file),
        "product": answer.product,
        "score": _rounded(answer.score),
        "threshold": _rounded(answer.threshold),
        "confidence": _rounded(answer.confidence),
        "margin": _rounded(answer.margin),
        "candidates": [{"product": c.product, "score": _rounded(c.score), "photo": c.photo} for c in answer.candidates],
    }
    return json.dumps(plain, ensure_ascii=False)


def as_row(each: Identified) -> list[Any]:
    """Given an answer, return its values of COLUMNS and the error; empty where there is none."""
    answer = each.answer
    if answer is None:
        return [each.file, *[None] * (len(COLUMNS) - 1), each.crop]
    others = [value for c in answer.candidates[1:] for value in (c.product, _rounded(c.score))]
    numbers = (answer.score, answer.threshold, answer.confidence, answer.margin)
    return [
        each.file,
        answer.product,
        *map(_rounded, numbers),
        answer.photo,
        *others,
        *[None] * (4 - len(others)),
        None,
    ]


def as_line(each: Identified) -> str:
    """Given an answer, return one line for people."""
    return printable(f"{each.file}  {in_words(each.answer)}")


def in_words(answer: Match | None) -> str:
    """Given the answer to an image, or None where the image cannot be used, return it in a few words."""
    if answer is None:
        return "cannot be used"
    if answer.product:
        return f"{answer.product}  {answer.score:.3f}"
    if answer.candidates:
        nearest = f"unknown  nearest {answer.candidates[0].product} {answer.score:.3f}"
        return nearest if answer.candidates[0].product == NOT_A_PRODUCT else f"{nearest}, needs {answer.threshold:.3f}"
    return "unknown  nothing is enrolled"


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, DIGITS)
