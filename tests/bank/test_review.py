import logging
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edge.bank import review
from edge.bank.review import DAY, MOST_BYTES, MOST_DAYS, MOST_FILES, ReviewStore, is_unsure, path
from edge.images.reader import read_photo
from edge.types import NOT_A_PRODUCT, Candidate, Match
from tests.bank.pictures import picture


def match(product: str | None, *scores: float, best: str = "cola") -> Match:
    names = (best, "fanta", "tea")
    return Match(
        product, 0.7, tuple(Candidate(name, score, "1.jpg") for name, score in zip(names, scores, strict=False))
    )


UNKNOWN, SURE = match(None, 0.6, 0.5), match("cola", 0.9, 0.5)
NOISE = np.random.default_rng(0).integers(0, 256, (600, 300, 3), dtype=np.uint8)


class Clock:
    now = 1000.5 * DAY

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> ReviewStore:
    return ReviewStore(tmp_path / "review", clock)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "review").glob("*"))


def test_unknown_and_close_answers_are_to_be_looked_at() -> None:
    assert is_unsure(UNKNOWN) and is_unsure(match(None)) and is_unsure(match("cola", 0.9, 0.88))
    assert is_unsure(replace(SURE, confidence=0.8)) and not is_unsure(replace(SURE, confidence=0.95))
    assert not is_unsure(SURE) and not is_unsure(match("cola", 0.9))
    assert not is_unsure(match(None, 0.9, 0.5, best=NOT_A_PRODUCT))


def test_the_unsure_are_files_and_all_of_the_newest_are_in_memory(store: ReviewStore, tmp_path: Path) -> None:
    store.keep("a", picture(1, 300, 600), UNKNOWN)
    store.keep("b", picture(2), SURE)
    assert names(tmp_path) == ["a.jpg"] and read_photo(path(tmp_path / "review", "a")).shape == (256, 128, 3)
    assert store.recent("a") == (tmp_path / "review" / "a.jpg").read_bytes() and store.recent("b")
    for number in range(review.IN_MEMORY):
        store.keep(str(number), picture(3), SURE)
    assert store.recent("a") is None and store.recent("b") is None and store.recent("0")
    assert names(tmp_path) == ["a.jpg"]


def test_a_day_has_a_share_of_the_card_and_a_restart_does_not_renew_it(tmp_path: Path, clock: Clock) -> None:
    def fill(count: int) -> int:
        store = ReviewStore(tmp_path / "review", clock)
        for number in range(count):
            store.keep(f"{clock.now:.0f}-{number}", NOISE, UNKNOWN)
            for file in (tmp_path / "review").glob(f"{clock.now:.0f}-{number}.jpg"):
                stamp(file, clock.now)
        return sum(file.stat().st_size for file in (tmp_path / "review").glob("*"))

    first = fill(100)
    assert 0.9 * MOST_BYTES < first <= MOST_BYTES and len(names(tmp_path)) < 100
    clock.now += 60
    assert fill(1) == first
    clock.now += DAY
    assert fill(1) > first


def stamp(file: Path, seconds: float) -> None:

    os.utime(file, (seconds, seconds))


def test_the_oldest_go_once_they_are_too_many_or_too_old(store: ReviewStore, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "review").mkdir()
    for number in range(MOST_FILES + 10):
        file = tmp_path / "review" / f"{number:03}.jpg"
        file.write_bytes(b"")
        stamp(file, clock.now - 3 * DAY + number)
    stamp(tmp_path / "review" / "209.jpg", clock.now - MOST_DAYS * DAY - 1)
    store.keep("new", picture(1), UNKNOWN)
    left = names(tmp_path)
    assert len(left) == MOST_FILES and "new.jpg" in left and "209.jpg" not in left and "009.jpg" not in left
    assert "010.jpg" in left


def test_what_cannot_be_written_is_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "review").write_text("no folder")
    store = ReviewStore(tmp_path / "review")
    with caplog.at_level(logging.WARNING):
        store.keep("a", picture(1), UNKNOWN)
        store.keep("b", picture(1), UNKNOWN)
    assert caplog.text.count("no crops are kept for review") == 1
    (tmp_path / "review").unlink()
    store.keep("c", picture(1), UNKNOWN)
    assert names(tmp_path) == ["c.jpg"]
