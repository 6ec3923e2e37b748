"""Photos of a scanned mesh."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from edge.images.reader import read_photo
from edge.images.writer import write_picture
from training.__main__ import main

SIDES = {"front": (0, 1, 5, 4), "right": (1, 2, 6, 5), "back": (2, 3, 7, 6), "left": (3, 0, 4, 7)}


def write_box(folder: Path) -> None:
    """A box a third as wide as high, whose four upright sides are the quarters of a texture."""
    folder.mkdir()
    corners = [(x, y, z) for z in (0, 3) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    lines = [f"v {x} {y} {z}" for x, y, z in corners]
    lines += [f"vt {u / 4} {v}" for u in range(5) for v in (0.01, 0.99)]
    for number, (a, b, c, d) in enumerate(SIDES.values()):
        t = 2 * number + 1
        lines += [
            f"f {a + 1}/{t} {b + 1}/{t + 2} {c + 1}/{t + 3}",
            f"f {a + 1}/{t} {c + 1}/{t + 3} {d + 1}/{t + 1}",
        ]
    (folder / "box.obj.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    colours = np.array([(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30)], np.uint8)
    write_picture(folder / "box.jpg", colours[None].repeat(16, axis=1).repeat(64, axis=0))


def test_a_scan_is_seen_from_its_sides_the_same_each_time(tmp_path: Path) -> None:
    write_box(tmp_path / "meshes")
    for name in ("one", "same"):
        words = ["scans", "--meshes", str(tmp_path / "meshes"), "--out", str(tmp_path / name), "--views", "8"]
        assert main(words) == 0
    files = sorted((tmp_path / "one" / "box").iterdir())
    assert [file.read_bytes() for file in files] == [
        (tmp_path / "same" / "box" / file.name).read_bytes() for file in files
    ]
    strongest = []
    for file in files:
        picture = read_photo(file)
        middle = picture[picture.shape[0] // 3 : -picture.shape[0] // 3, picture.shape[1] // 3 : -picture.shape[1] // 3]
        colour = np.median(middle.reshape(-1, 3), axis=0)
        assert np.ptp(colour) > 40  # the box, not the background
        strongest.append(tuple(colour > colour.max() / 2))
    assert len(set(strongest)) >= 3


@pytest.mark.parametrize("content", [None, b"not gzip", gzip.compress(b"v 1 2 3\nf 1/1 2/1 3/1")])
def test_no_mesh_is_refused(tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]) -> None:
    write_box(tmp_path / "meshes")
    if content is None:
        (tmp_path / "meshes" / "box.obj.gz").unlink()
    else:
        (tmp_path / "meshes" / "box.obj.gz").write_bytes(content)
    assert main(["scans", "--meshes", str(tmp_path / "meshes"), "--out", str(tmp_path / "out")]) == 1
    assert "expected" in capsys.readouterr().err
