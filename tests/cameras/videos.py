"""Video files for the cameras' tests: written by OpenCV where that will do, by PyAV where it will not."""

import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av import VideoFrame

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


def encode(
    path: Path, codec: str = "libx264", frames: int = 40, sound: int = 0, skip: int = 0, **settings: Any
) -> Path:
    """Write a video of `picture`s at 10 frames a second by an FFmpeg encoder.

    sound: tenths of a second of silence beside it. skip: it begins so many frames before 0, which players do not show.
    settings: attributes of the codec's context, its `options` among them, and `matrix`, how players turn and mirror it.
    """
    with av.open(str(path), "w", options={"movflags": "faststart"} if path.suffix == ".mp4" else {}) as file:
        stream = file.add_stream(codec, rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.codec_context.thread_count = 64, 48, 1
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.set_display_matrix(settings.pop("matrix", None))
        for name, value in settings.items():
            setattr(stream.codec_context, name, value)
        audio = file.add_stream("mp2", rate=16000, layout="mono") if sound else None
        for number in range(max(frames, sound)):
            if number < frames:
                image = VideoFrame.from_ndarray(picture(number), format="rgb24")
                image.pts, image.time_base = number - skip, Fraction(1, 10)
                file.mux(stream.encode(image))
            if audio and number < sound:
                silence = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.int16), "s16", "mono")
                silence.rate, silence.pts = 16000, 1600 * number
                file.mux(audio.encode(silence))
        file.mux(stream.encode(None))
        if audio:
            file.mux(audio.encode(None))
    return path


def turn(path: Path) -> Path:
    """Have an MP4 file say that it is to be shown a quarter turn clockwise, as a telephone held upright does."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 44
    data[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 48 << 16, 0, 1 << 30)
    path.write_bytes(data)
    return path


def stretch(path: Path, factor: int, last: bool = False) -> Path:
    """Have an MP4 file say that its first or last frame is shown this many times as long as it was written."""
    data = bytearray(path.read_bytes())
    entries = data.index(b"stts") + 8
    count, entry, duration = struct.unpack_from(">3I", data, entries)
    assert count == 1
    times = [(1, factor * duration), (entry - 1, duration)]
    table = struct.pack(">5I", 2, *(number for pair in (reversed(times) if last else times) for number in pair))
    grown = data[:entries] + table + data[entries + 12 :]
    for box in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stts"):
        at = grown.index(box) - 4
        struct.pack_into(">I", grown, at, struct.unpack_from(">I", grown, at)[0] + 8)
    path.write_bytes(grown)
    return path
