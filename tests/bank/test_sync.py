import os
import re
from pathlib import Path

import numpy as np
import pytest

from edge.bank.judge import WHOLE, CameraView
from edge.bank.store import Bank
from edge.bank.sync import Report, sync
from edge.types import Image
from tests.bank.conftest import Step, later
from tests.bank.pictures import Thumbnails, encoded, picture, write


def test_both_layouts_and_all_suffixes(folder: Path, bank: Bank, step: Step) -> None:
    names = (
        "cola/front.jpg",
        "cola/back.PNG",
        "fanta zero/1.webp",
        "7up1.jpeg",
        "water-2.jpg",
        "tea (3).jpg",
        "ice.jpg",
    )
    for seed, name in enumerate(names):
        write(folder / name, seed)
    for name in (".hidden.jpg", ".~tmp~/cola1.jpg", "cola/.front.jpg.Xy12z", "cola/notes.txt", "README"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("not a photo")
    assert set(step().added) == set(names)
    products = dict(zip(bank.gallery("thumbnails").photos, bank.gallery("thumbnails").products, strict=True))
    assert [products[name] for name in names] == ["cola", "cola", "fanta zero", "7up", "water", "tea", "ice"]
    assert {entry.photo for entry in bank.entries() if entry.state == "enrolled"} == set(names)


def test_the_gallery_holds_the_vectors_of_the_photos(folder: Path, bank: Bank, step: Step) -> None:
    for seed in range(20):
        write(folder / f"p{seed:02}-1.png", seed)
    step()
    gallery = bank.gallery("thumbnails")
    assert gallery.products == tuple(f"p{seed:02}" for seed in range(20))
    assert np.array_equal(gallery.vectors, Thumbnails().embed([picture(seed) for seed in range(20)]))
    assert bank.gallery("another").vectors.shape == (0, 0)


def test_nothing_changed_embeds_and_opens_and_writes_nothing(
    folder: Path, bank: Bank, step: Step, embedder: Thumbnails, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(3):
        write(folder / "cola" / f"{seed}.jpg", seed)
    write(folder / "cola" / "broken.jpg", 9).write_bytes(b"")
    step()
    revision = bank.revision
    monkeypatch.setattr(Path, "open", None)
    assert step() == Report()
    assert embedder.count == 3 and bank.revision == revision


def test_a_young_file_is_read_again_but_not_embedded_again(folder: Path, bank: Bank, embedder: Thumbnails) -> None:
    path = write(folder / "cola1.png", 1)
    status = path.stat()
    sync(folder, bank, embedder)
    path.write_bytes(path.read_bytes()[::-1])  # the same size, and put back to the same time
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "cola1.png" in sync(folder, bank, embedder).refused
    write(path, 1)
    sync(folder, bank, embedder)
    sync(folder, bank, embedder)
    assert embedder.count == 2  # the first vector went with the first content


def test_renaming_embeds_nothing(folder: Path, bank: Bank, step: Step, embedder: Thumbnails) -> None:
    for seed in range(3):
        write(folder / "cola" / f"{seed}.jpg", seed)
    step()
    (folder / "cola").rename(folder / "coke")
    (folder / "coke" / "0.jpg").rename(folder / "coke" / "front.jpg")
    report = step()
    assert sorted(report.renamed) == [
        ("cola/0.jpg", "coke/front.jpg"),
        ("cola/1.jpg", "coke/1.jpg"),
        ("cola/2.jpg", "coke/2.jpg"),
    ]
    assert not report.added and not report.removed and embedder.count == 3
    assert set(bank.gallery("thumbnails").products) == {"coke"}


def test_a_renamed_folder_is_not_read(folder: Path, step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "cola" / "1.jpg", 1)
    step()
    (folder / "cola").rename(folder / "coke")
    monkeypatch.setattr(Path, "open", None)
    assert step().renamed == (("cola/1.jpg", "coke/1.jpg"),)


def test_a_copy_elsewhere_then_deleted_here_embeds_nothing(folder: Path, step: Step, embedder: Thumbnails) -> None:
    data = write(folder / "cola" / "1.jpg", 1).read_bytes()
    step()
    (folder / "cola" / "1.jpg").unlink()
    (folder / "cola" / "2.jpg").write_bytes(data)
    assert step().renamed == (("cola/1.jpg", "cola/2.jpg"),) and embedder.count == 1


def test_replaced_and_removed(folder: Path, bank: Bank, step: Step) -> None:
    write(folder / "cola" / "1.png", 1)
    write(folder / "cola" / "2.png", 2)
    step()
    write(folder / "cola" / "1.png", 3)
    (folder / "cola" / "2.png").unlink()
    report = step()
    assert (report.replaced, report.removed) == (("cola/1.png",), ("cola/2.png",))
    assert np.array_equal(bank.gallery("thumbnails").vectors, Thumbnails().embed([picture(3)]))
    assert len(bank.embedded("thumbnails")) == 1


def test_refused_by_name_with_the_reason_and_picked_up_when_mended(folder: Path, bank: Bank, step: Step) -> None:
    good = encoded(picture(1))
    faults = {
        "cola/cut.jpg": (good[:-300], "cut off"),
        "cola/empty.jpg": (b"", "empty"),
        "cola/text.jpg": (b"hello", "not a picture"),
        "cola/wide.png": (encoded(np.zeros((4, 20_000, 3), np.uint8), ".png"), "20000x4 pixels"),
        "cola/phone.heic": (b"\0\0\0\x18ftypheic", "the HEIC is cut off"),
        "cola/scan.tiff": (b"II*\0", ".tiff is not read"),
        "123.jpg": (good, "no product"),
        "cola/deep/1.jpg": (good, "folder within"),
        os.fsdecode(b"caf\xe9/1.jpg"): (good, "not UTF-8"),
    }
    for name, (data, _) in faults.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "cola" / "link.jpg").symlink_to("nowhere")
    os.mkfifo(folder / "cola" / "pipe.jpg")
    refused = step().refused
    expected = [*(reason for _, reason in faults.values()), "leads nowhere", "not a file"]
    assert len(refused) == len(expected) and not bank.gallery("thumbnails").products
    for reason in expected:
        assert any(re.search(reason, told) for told in refused.values()), (reason, refused)
    assert not step().refused  # told once
    assert [entry for entry in bank.entries() if entry.state == "refused" and entry.photo == "cola/empty.jpg"]
    (folder / "cola" / "cut.jpg").write_bytes(good)
    assert step().added == ("cola/cut.jpg",)


def test_unreadable_is_said_and_mended(folder: Path, step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(folder / "cola" / "1.jpg", 1)
    really = Path.open

    def refuse(self: Path, *args: object, **more: object) -> object:
        if not self.stat().st_mode & 0o004:  # root may read everything: keep the rule by hand
            raise PermissionError(13, "Permission denied")
        return really(self, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    path.chmod(0o600)
    assert "chmod a+r" in step().refused["cola/1.jpg"]
    path.chmod(0o644)
    assert step().added == ("cola/1.jpg",)


def test_two_products_with_the_same_photo(folder: Path, bank: Bank, step: Step, embedder: Thumbnails) -> None:
    write(folder / "cola" / "1.jpg", 1)
    write(folder / "cola" / "again.jpg", 1)
    step()
    assert len(bank.gallery("thumbnails").photos) == 2  # twice in one product does no harm
    write(folder / "fanta" / "1.jpg", 1)
    assert step().refused == {
        "cola/1.jpg": "the same photo as fanta/1.jpg, of another product; delete the wrong one",
        "cola/again.jpg": "the same photo as fanta/1.jpg, of another product; delete the wrong one",
        "fanta/1.jpg": "the same photo as cola/1.jpg, of another product; delete the wrong one",
    }
    assert not bank.gallery("thumbnails").products
    (folder / "fanta" / "1.jpg").unlink()
    assert step().added == ("cola/1.jpg", "cola/again.jpg") and embedder.count == 1


def test_another_model_embeds_again_and_the_old_vectors_stay_until_it_is_done(
    folder: Path, bank: Bank, step: Step
) -> None:
    for seed in range(20):
        write(folder / "cola" / f"{seed}.jpg", seed)
    step()
    new = Thumbnails("new")
    report = sync(folder, bank, new, stop=lambda: True, now=later)
    assert 0 < report.embedded < 20 and report.waiting == 20 - report.embedded
    assert bank.model == "thumbnails" and len(bank.gallery("thumbnails").products) == 20
    sync(folder, bank, new, now=later)
    assert bank.model == "new" and new.count == 20
    assert len(bank.gallery("new").products) == 20 and not bank.embedded("thumbnails")


def test_a_frame_of_this_camera_is_isolated(folder: Path, bank: Bank, step: Step, embedder: Thumbnails) -> None:
    write(folder / "cola" / "crop.png", 1)
    (folder / "cola" / "frame.png").write_bytes(encoded(picture(2, 160, 120), ".png"))
    objects: list[Image] = []
    seen: list[tuple[int, ...]] = []

    def crops(frame: Image) -> list[Image]:
        seen.append(frame.shape)
        return objects

    scene = CameraView(160, 120, crops)
    step()  # before the camera is known, it is taken as it is
    objects[:] = [picture(3)] * 2
    sync(folder, bank, embedder, scene, now=later)
    assert "with 2 objects" in str(bank.entries()[1].reason)
    objects[:] = [picture(3)]
    assert sync(folder, bank, embedder, scene, now=later).added == ("cola/frame.png",)
    assert set(seen) == {(120, 160, 3)}
    assert np.array_equal(bank.gallery("thumbnails").vectors[1:], Thumbnails().embed([picture(3)]))
    assert sync(folder, bank, embedder, scene, now=later) == Report()
    assert step() == Report()


def test_a_close_up_of_the_cameras_size_is_used_whole_with_a_note(
    folder: Path, bank: Bank, embedder: Thumbnails
) -> None:
    (folder / "cola1.png").write_bytes(encoded(picture(2, 160, 120), ".png"))
    scene = CameraView(160, 120, lambda frame: [])
    assert sync(folder, bank, embedder, scene, now=later).added == ("cola1.png",)
    assert bank.entries()[0].note == WHOLE
    assert np.array_equal(bank.gallery("thumbnails").vectors, Thumbnails().embed([picture(2, 160, 120)]))
    assert sync(folder, bank, embedder, scene, now=later) == Report() and embedder.count == 1


def test_what_is_no_photo_is_ignored_with_the_reason(folder: Path, bank: Bank, step: Step) -> None:
    write(folder / "cola" / "front.jpg", 1).rename(folder / "cola" / "front")
    (folder / "cola" / "notes.txt").write_text("not a photo")
    (folder / "README").write_text("cola\n")
    report = step()
    assert report.added == ("cola/front",) and not report.refused
    assert report.ignored == {"README": "not a picture", "cola/notes.txt": "not a photo or video by its name"}
    assert [entry.state for entry in bank.entries()] == ["ignored", "enrolled", "ignored"]
    assert step() == Report()
    (folder / "README").rename(folder / "README2")
    assert step().ignored == {"README2": "not a picture"}


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (np.full((64, 48, 3), 180, np.uint8), "one colour all over"),
        (picture(1, 1, 1), "1x1 pixels; expected at least 16 a side"),
    ],
)
def test_a_photo_that_shows_nothing_is_refused(folder: Path, step: Step, image: Image, reason: str) -> None:
    (folder / "cola1.jpg").write_bytes(encoded(image))
    assert reason in step().refused["cola1.jpg"]


def test_colours_of_one_brightness_are_a_photo(folder: Path, step: Step) -> None:
    image = np.full((64, 48, 3), (200, 62, 60), np.uint8)
    image[32:] = 60, 133, 62
    (folder / "cola1.png").write_bytes(encoded(image, ".png"))
    assert step().added == ("cola1.png",)


@pytest.mark.parametrize(
    "name",
    [
        "IMG_2034.jpg",
        "DSC01234.JPG",
        "DSCN0042.jpg",
        "PXL_20230101_123456789.jpg",
        "P1010023.jpg",
        "IMG-20230101-WA0007.jpg",
    ]
    + ["WhatsApp Image 2023-01-01 at 12.00.01.jpg", "image (3).png", "photo1.webp", "20230101_120000.jpg"],
)
def test_a_cameras_file_name_is_no_product(folder: Path, step: Step, name: str) -> None:
    write(folder / name, 1)
    assert "a camera's file name" in step().refused[name] or "no product" in step().refused[name]


def test_names_that_only_begin_as_a_cameras_are_products(folder: Path, step: Step) -> None:
    names = ("image-tonic1.jpg", "p1.jpg", "imgur-cola-2.jpg", "movember3.jpg", "photon1.jpg", "IMG/IMG_2034.jpg")
    for seed, name in enumerate(names):
        write(folder / name, seed)
    assert set(step().added) == set(names)


def test_a_file_being_written_is_left_alone(folder: Path, bank: Bank, embedder: Thumbnails) -> None:
    path = write(folder / "cola1.png", 1)
    assert sync(folder, bank, embedder, busy=lambda asked: asked == path).waiting == 1
    assert not bank.entries()
    sync(folder, bank, embedder)
    path.write_bytes(b"half of another")
    assert sync(folder, bank, embedder, busy=lambda asked: True).waiting == 1
    assert bank.gallery("thumbnails").photos == ("cola1.png",)


def test_the_newest_photo_does_not_wait(folder: Path, bank: Bank, embedder: Thumbnails) -> None:
    for seed in range(30):
        os.utime(write(folder / "cola" / f"{seed:02}.png", seed), (1, 1))
    os.utime(write(folder / "fanta" / "1.png", 99), (2**33, 2**33))
    sync(folder, bank, embedder, stop=lambda: True)
    assert "fanta" in bank.gallery("thumbnails").products


def test_product_names_are_normalised(folder: Path, bank: Bank, step: Step) -> None:
    write(folder / "Café" / "1.png", 1)
    write(folder / "Café" / "2.png", 2)  # as a Mac writes it
    step()
    assert bank.gallery("thumbnails").products == ("Café", "Café")
