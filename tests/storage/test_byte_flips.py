"""A bank and a ledger with one byte of them flipped: read, used, and opened again, without a fault."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.bank.store import Bank, BankReader
from edge.bank.sync import sync
from edge.errors import StoreError
from edge.events.format import as_json
from edge.events.ledger import Ledger
from edge.events.ledger_reader import LedgerReader
from edge.types import Box, Candidate, Event, EventKind, Match
from tests.bank.conftest import later
from tests.bank.pictures import Thumbnails, write

STRIDE = pytest.mark.parametrize(("mask", "stride"), [(0xFF, 173), pytest.param(0xFF, 1, marks=pytest.mark.slow)])


def event(kind: EventKind, placement: str) -> Event:
    candidates = (Candidate("cola", 0.7, "cola/Flasche né.jpg"), Candidate("tea", 0.4, "tea1.jpg"))
    match = None if kind == "placed" else Match("cola", 0.6, candidates)
    return Event(kind, placement, "2025-11-21T22:13:00.000Z", 1.5, 45, Box(1, 2, 3, 4), match)


def flipped(path: Path, mask: int, stride: int) -> Iterator[int]:
    """Yield positions, each time with the file as it was but for this byte, and nothing beside it."""
    data = path.read_bytes()
    for position in range(0, len(data), stride):
        for each in path.parent.iterdir():
            each.unlink()
        path.write_bytes(data[:position] + bytes([data[position] ^ mask]) + data[position + 1 :])
        yield position


@STRIDE
def test_a_ledger(tmp_path: Path, mask: int, stride: int) -> None:
    path = tmp_path / "state" / "ledger.db"
    with closing(Ledger(path)) as ledger:
        for number in range(12):
            ledger.record(event("placed", f"p{number:02}"), event("identified", f"p{number:02}"))
        before = [as_json(each) for _, each in ledger.events()]
    for position in flipped(path, mask, stride):
        content = path.read_bytes()
        try:
            with closing(LedgerReader(path)) as reader:
                reader.counts(), reader.open_placements(), list(reader.events())
        except StoreError as error:
            assert "\n" not in str(error)
        assert os.listdir(path.parent) == ["ledger.db"] and path.read_bytes() == content
        with closing(Ledger(path)) as ledger:
            ledger.record(event("removed", "p00"))
            kept = [as_json(each) for _, each in ledger.events()]
            assert len({*before} & {*kept}) >= len(before) - 1, position
            ledger.counts(), ledger.open_placements(), ledger.gaps(), ledger.last()
        with closing(Ledger(path)) as ledger:
            assert ledger.set_aside is None and [as_json(each) for _, each in ledger.events()] == kept, position


@STRIDE
def test_a_bank(tmp_path: Path, mask: int, stride: int) -> None:
    folder, path, embedder = tmp_path / "enroll", tmp_path / "state" / "bank.db", Thumbnails()
    for seed in range(8):
        write(folder / f"product{seed % 4}" / f"{seed}.png", seed)
    with Bank(path) as bank:
        sync(folder, bank, embedder, now=later)
        enrolled = bank.entries()
    for position in flipped(path, mask, stride):
        content = path.read_bytes()
        try:
            with BankReader(path) as reader:
                reader.entries(), reader.gallery("thumbnails")
        except StoreError as error:
            assert "\n" not in str(error)
        assert os.listdir(path.parent) == ["bank.db"] and path.read_bytes() == content
        with Bank(path) as bank:
            try:
                sync(folder, bank, embedder, now=later)
                bank.gallery("thumbnails")
            except StoreError:  # found by the last query
                sync(folder, bank, embedder, now=later)
            assert bank.entries() == enrolled and len(bank.gallery("thumbnails").photos) == 8, position
        with Bank(path) as bank:
            assert bank.set_aside is None, position
