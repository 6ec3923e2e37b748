"""A scratch folder with a configuration of the tiny model, and media in which a bottle comes and goes."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge import cli
from edge.images.writer import write_picture
from edge.types import Image
from tests.isolation.scenes import FPS, HEIGHT, WIDTH, bottle, table
from tests.tiny import TINY

EMPTY = table()
X = 140
RED, GREEN = (200, 60, 30), (30, 160, 60)
"""Colours of bottles."""


def enroll_bottle(file: Path, colour: tuple[int, int, int], x: int = X) -> None:
    """Write the photo of a bottle of this colour, cut out as a probe is."""
    file.parent.mkdir(parents=True, exist_ok=True)
    cut = bottle(EMPTY, x, colour)[75:175, x - 5 : x + 35]
    write_picture(file, cut)


class Scratch:
    """Runs commands in a folder of its own and takes what they print."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.enroll, self.state, self._capsys = path, path / "enroll", path / "state", capsys
        self.enroll.mkdir()
        self.config = path / "b.yaml"
        self.configure("")

    def configure(self, camera: str, more: str = "") -> None:
        """Write the configuration; camera: the keys of that section, in braces."""
        lines = [f"model: {{path: {TINY}}}", f"enroll: {{folder: {self.enroll}}}", more]
        self.config.write_text("\n".join([*lines, f"camera: {camera}" if camera else ""]) + "\n")

    def photo(self, name: str, colour: tuple[int, int, int], x: int = X) -> None:
        """Enroll a bottle of this colour, cut out as a probe is."""
        enroll_bottle(self.enroll / name, colour, x)

    def run(self, *words: str, state: bool = True) -> tuple[int, list[str], str]:
        """Run a command; return the exit code, the lines on stdout, and stderr."""
        where = ["--state", str(self.state)] if state else []
        code = cli.main([*words, "--config", str(self.config), *where])
        out, err = self._capsys.readouterr()
        return code, out.splitlines(), err


@pytest.fixture
def scratch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Scratch:
    return Scratch(tmp_path, capsys)


def visit(*pictures: Image, empty: float = 2.0, stands: float = 4.0) -> list[Image]:
    """The empty table, then each picture, with the empty table after it; with sensor noise."""
    noise = np.random.default_rng(1)
    scenes = [EMPTY] * round(empty * FPS)
    for picture in pictures:
        scenes += [picture] * round(stands * FPS) + [EMPTY] * round(empty * FPS)
    grains = [noise.normal(0, 2, EMPTY.shape).astype(np.int16) for _ in range(5)]
    return [cv2.add(scene, grains[at % 5], dtype=cv2.CV_8U) for at, scene in enumerate(scenes)]  # type: ignore[misc]


def folder(path: Path, pictures: list[Image]) -> Path:
    """Write the pictures as a folder of images."""
    path.mkdir()
    for at, picture in enumerate(pictures):
        write_picture(path / f"{at}.png", picture)
    return path


def video(path: Path, pictures: list[Image]) -> Path:
    """Write the pictures as a video."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, (WIDTH, HEIGHT))
    for picture in pictures:
        writer.write(picture[..., ::-1])
    writer.release()
    return path
