"""Whatever is done to the folder, a sync later the bank is what the folder says, and another sync embeds nothing."""

import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from edge.bank.store import Bank
from edge.bank.sync import sync
from edge.parallel import in_order
from tests.bank.pictures import Thumbnails, encoded, picture

DATA = [encoded(picture(seed), ".png") + bytes(1000 * seed) for seed in range(4)]  # of different sizes
VECTORS = Thumbnails().embed([picture(seed) for seed in range(4)])

ahead = partial(in_order, workers=2)

products = st.sampled_from(("cola", "fanta", "tea"))
names = st.one_of(
    st.builds("{}/{}.png".format, products, st.sampled_from("ab")), st.builds("{}{}.png".format, products, st.just(1))
)
pictures = st.integers(0, len(DATA) - 1)


def product_of(name: str) -> str:
    return name.partition("/")[0] if "/" in name else name.removesuffix("1.png")


class Folder(RuleBasedStateMachine):
    """The folder, a model of what is in it (a picture's number, or None for a broken one), and the bank."""

    now: Callable[[], int]

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.folder = self.root / "enroll"
        self.folder.mkdir()
        self.bank = Bank(self.root / "bank.db")
        self.files: dict[str, int | None] = {}
        self.models = 0

    def teardown(self) -> None:
        self.bank_is_folder()
        self.bank.close()
        shutil.rmtree(self.root)

    def put(self, name: str, data: bytes, in_place: bool) -> None:
        """As scp writes a file, in place, or as rsync does, under another name first."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        if in_place and not (path.exists() and path.stat().st_nlink > 1):
            path.write_bytes(data)
        else:
            (path.parent / ".new").write_bytes(data)
            (path.parent / ".new").rename(path)

    @rule(name=names, number=pictures, in_place=st.booleans())
    def copy_or_replace_or_mend(self, name: str, number: int, in_place: bool) -> None:
        self.put(name, DATA[number], in_place)
        self.files[name] = number

    @rule(name=names, number=pictures, cut=st.integers(0, 100), in_place=st.booleans())
    def cut_off(self, name: str, number: int, cut: int, in_place: bool) -> None:
        self.put(name, DATA[number][:cut], in_place)
        self.files[name] = None

    def linked(self, old: str, new: str) -> bool:
        """Whether both are one file: renaming the one to the other then does nothing."""
        return old == new or (new in self.files and (self.folder / old).samefile(self.folder / new))

    @rule(old=names, new=names)
    def rename(self, old: str, new: str) -> None:
        if old in self.files and not self.linked(old, new):
            (self.folder / new).parent.mkdir(exist_ok=True)
            (self.folder / old).rename(self.folder / new)
            self.files[new] = self.files.pop(old)

    @rule(old=products, new=products)
    def rename_folder(self, old: str, new: str) -> None:
        if (self.folder / old).is_dir() and not (self.folder / new).exists():
            (self.folder / old).rename(self.folder / new)
            for name in [name for name in self.files if name.startswith(old + "/")]:
                self.files[new + name.removeprefix(old)] = self.files.pop(name)

    @rule(old=names, new=names)
    def hard_link(self, old: str, new: str) -> None:
        if old in self.files and new not in self.files:
            (self.folder / new).parent.mkdir(exist_ok=True)
            os.link(self.folder / old, self.folder / new)
            self.files[new] = self.files[old]

    @rule(name=names)
    def delete(self, name: str) -> None:
        if name in self.files:
            (self.folder / name).unlink()
            del self.files[name]

    @rule(product=products)
    def delete_folder(self, product: str) -> None:
        shutil.rmtree(self.folder / product, ignore_errors=True)
        self.files = {name: number for name, number in self.files.items() if not name.startswith(product + "/")}

    @rule()
    def change_model(self) -> None:
        self.models += 1

    @rule()
    def crash(self) -> None:
        self.bank.close()
        self.bank = Bank(self.root / "bank.db")
        assert self.bank.set_aside is None

    @rule()
    def stop_early(self) -> None:
        sync(self.folder, self.bank, Thumbnails(str(self.models)), stop=lambda: True, now=self.now, mapped=ahead)

    @rule()
    def bank_is_folder(self) -> None:
        embedder = Thumbnails(str(self.models))
        sync(self.folder, self.bank, embedder, now=self.now, mapped=ahead)
        owners = defaultdict(set)
        for name, number in self.files.items():
            owners[number].add(product_of(name))
        whole = {name: number for name, number in self.files.items() if number is not None}
        expected = {name: number for name, number in whole.items() if len(owners[number]) == 1}
        gallery = self.bank.gallery(embedder.card.id)
        assert gallery.photos == tuple(sorted(expected))
        assert gallery.products == tuple(product_of(name) for name in gallery.photos)
        for name, vector in zip(gallery.photos, gallery.vectors, strict=True):
            assert np.array_equal(vector, VECTORS[expected[name]])
        told = {entry.photo: entry.state == "enrolled" for entry in self.bank.entries()}
        assert told == {name: name in expected for name in self.files}
        assert len(self.bank.embedded(embedder.card.id)) == len(set(whole.values()))
        count = embedder.count
        assert sync(self.folder, self.bank, embedder, now=self.now).embedded == 0 and embedder.count == count


class TrustingStamps(Folder):
    """With every stamp trusted: renaming must be told from replacing by stamps alone."""

    now = staticmethod(lambda: 2**62)


class YoungFiles(Folder):
    """As in life, where all these files are younger than their stamps are worth."""

    now = staticmethod(time.time_ns)


for machine in (TrustingStamps, YoungFiles):
    machine.TestCase.settings = settings(max_examples=12, stateful_step_count=20)
TestTrustingStamps = TrustingStamps.TestCase
TestYoungFiles = YoungFiles.TestCase


@pytest.mark.slow
def test_many_more() -> None:
    for machine in (TrustingStamps, YoungFiles):
        case = machine.TestCase
        case.settings = settings(max_examples=1000, stateful_step_count=40)
        case("runTest").runTest()
