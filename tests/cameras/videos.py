"""Video files for the cameras' tests, written by OpenCV."""

import struct
from pathlib import Path

import cv2
import numpy as np

from edge.types import Image

RED = (255, 0, 0)


def picture(number: int, width: int = 64, height: int = 48) -> Image:
    """Red on the left, black on the right, RGB, with a white bar at the top as many pixels long as the number says."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2] = RED
    image[:8, :number] = 255
    return image


def write(path: Path, frames: int = 40, fps: float = 10, codec: str = "mp4v") -> Path:
    """Write a video of `picture`s."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, (64, 48))
    assert writer.isOpened()
    for number in range(frames):
        writer.write(cv2.cvtColor(picture(number), cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def turn(path: Path) -> Path:
    """Have an MP4 file say that it is to be shown a quarter turn clockwise, as a telephone held upright does."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 44
    data[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 48 << 16, 0, 1 << 30)
    path.write_bytes(data)
    return path


def stretch(path: Path, factor: int) -> Path:
    """Have an MP4 file say that its first frame is shown this many times as long as it was written."""
    data = bytearray(path.read_bytes())
    entries = data.index(b"stts") + 8
    count, entry, duration = struct.unpack_from(">3I", data, entries)
    assert count == 1
    table = struct.pack(">5I", 2, 1, factor * duration, entry - 1, duration)
    grown = data[:entries] + table + data[entries + 12 :]
    for box in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stts"):
        at = grown.index(box) - 4
        struct.pack_into(">I", grown, at, struct.unpack_from(">I", grown, at)[0] + 8)
    path.write_bytes(grown)
    return path
