"""Video files through PyAV (FFmpeg): decoded frames with their times, made into upright RGB in square pixels on demand.

OpenCV does not read them: its version 5.0.0 returns interlaced H.264 as black frames and reports success, and it knows
neither the length of the video stream nor the shape of a pixel.

Limit: interlaced frames are given as they are, both fields at once, so that what moves has combed edges.
"""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

import av
import cv2
import numpy as np
from av import Packet, VideoFrame, VideoStream
from av.container import InputContainer
from av.format import Flags
from av.stream import Disposition
from av.video.reformatter import VideoReformatter

from edge.errors import CameraError
from edge.types import Image

USUAL_FPS = 25.0
"""Frames a second of a file that states none."""

LONGEST_PIXEL = 4
"""A pixel that is longer than this, as the ratio of its sides, is an error in the file and taken to be square."""

MAX_PIXELS = 4096 * 4096
"""Of a frame; a decoder holds up to sixteen of them."""

CONVERT = "copy it again, or convert it to MP4 with H.264"
UNREADABLE = f"cannot be read as a video; {CONVERT}"


class Decoded(NamedTuple):
    """A frame, not yet made into RGB. number: 0 for the first of the file. t: seconds from the file's start."""

    picture: VideoFrame
    number: int
    t: float


class VideoFile:
    """The first video stream of a file.

    fps: frames a second, on average. size: width and height of its pictures once they are upright.
    """

    def __init__(self, path: Path) -> None:
        """Given a video file, open it. Raise CameraError, which does not name the file, if no frame can be decoded."""
        try:
            # absolute, because FFmpeg takes 12:30:45.mp4 for a protocol; a playlist may name other files, not hosts
            self._container = av.open(
                str(path.absolute()), options={"protocol_whitelist": "file"}, metadata_errors="replace"
            )
        except (av.FFmpegError, ValueError) as error:
            raise CameraError(UNREADABLE) from error
        try:
            self._stream = _video_stream(self._container)
            self.fps = float(self._stream.average_rate or self._stream.guessed_rate or USUAL_FPS)
            self._start = Fraction(self._container.start_time or 0, av.time_base)
            self._video_end = self._other_end = 0.0
            self._frames = self._decode()
            self._first = next(self._frames, None)
            if not self._first:
                codec = self._stream.codec_context.codec.canonical_name
                raise CameraError(f"no frame of its video ({codec}) can be decoded; {CONVERT}")
            self._reformatter = VideoReformatter()
            self._square = _square(self._first.picture, self._stream.sample_aspect_ratio)
            height, width = self.image(self._first.picture).shape[:2]
            self.size = (width, height)
        except CameraError:
            self.close()
            raise

    def __iter__(self) -> Iterator[Decoded]:
        """The frames, once, without those that an edit list hides and those that cannot be decoded."""
        if self._first:
            yield self._first
        yield from self._frames

    def image(self, picture: VideoFrame) -> Image:
        """Given a frame's picture, return it as upright RGB, (height, width, 3) uint8, in square pixels."""
        width, height = self._square
        rgb = self._reformatter.reformat(picture, width, height, "rgb24", threads=1)
        return _upright(np.asarray(rgb.to_ndarray(), np.uint8), picture)

    def lengths(self) -> tuple[float, float]:
        """The length that the file states, 0 for none, and the length read so far, in seconds.

        Both are those of the video if the file states that, otherwise those of its longest stream.
        """
        stream, kind = self._stream, self._container.format
        if Flags.no_timestamps in Flags(kind.flags):  # FFmpeg guesses a length from the size of the file
            return 0.0, self._video_end
        if kind.name == "avi":  # FFmpeg shortens the length to what there is; the number of frames stays
            return stream.frames / self.fps, self._video_end
        if stream.duration:
            return self._seconds((stream.start_time or 0) + stream.duration, stream.time_base), self._video_end
        with suppress(KeyError, ValueError):  # Matroska
            hours, minutes, seconds = stream.metadata["DURATION"].split(":")
            return 3600 * int(hours) + 60 * int(minutes) + float(seconds) - float(self._start), self._video_end
        return (self._container.duration or 0) / av.time_base, max(self._video_end, self._other_end)

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def _decode(self) -> Iterator[Decoded]:
        number, t, gap = 0, -inf, 1 / self.fps
        for packet in self._packets():
            if packet.stream is not self._stream:
                self._other_end = max(self._other_end, self._end(packet))
                continue
            for picture in self._pictures(packet):
                stated = -inf if picture.pts is None else self._seconds(picture.pts, self._stream.time_base)
                t = stated if stated > t else max(t + gap, 0.0)
                self._video_end = max(t + gap, self._end(picture))
                yield Decoded(picture, number, t)
                number += 1

    def _packets(self) -> Iterator["Packet[Any]"]:
        """The packets of all streams, as far as the file can be read."""
        with suppress(av.FFmpegError):
            yield from self._container.demux()

    def _pictures(self, packet: "Packet[Any]") -> list[VideoFrame]:
        """Given a packet of the video, return the pictures that it completes; none where it is damaged."""
        try:
            return self._stream.decode(packet)
        except av.FFmpegError:
            return []

    def _end(self, part: "Packet[Any] | VideoFrame") -> float:
        """Given a packet or a frame, return when it ends; 0 if it states no time."""
        return 0.0 if part.pts is None else self._seconds(part.pts + (part.duration or 0), part.time_base)

    def _seconds(self, ticks: int, tick: Fraction | None) -> float:
        """Given a time in the file's units, return the seconds from its start."""
        return float(ticks * (tick or 0) - self._start)


def _video_stream(container: InputContainer) -> VideoStream:
    """Given an open file, return its first video. Raise CameraError if it has none or it cannot be decoded."""
    streams = [each for each in container.streams.video if Disposition.attached_pic not in each.disposition]
    if not container.streams:
        raise CameraError(UNREADABLE)
    if not streams:
        raise CameraError("holds no video, only sound or text; expected moving pictures")
    if not streams[0].codec_context:
        raise CameraError(f"its video is of a kind that is not known here; {CONVERT}")
    width, height = streams[0].width, streams[0].height
    if width * height > MAX_PIXELS:
        most = MAX_PIXELS // 1_000_000
        raise CameraError(f"{width}x{height} pixels; expected at most {most} million in all, make it smaller")
    streams[0].codec_context.thread_count = 1
    streams[0].codec_context.options = {"max_pixels": str(MAX_PIXELS)}  # a frame may be larger than the file states
    return streams[0]


def _square(picture: VideoFrame, pixel: Fraction | None) -> tuple[int, int]:
    """Given a frame and the width of its pixels over their height, return its size in square pixels, never smaller."""
    ratio = float(pixel or 1)
    if not 1 / LONGEST_PIXEL <= ratio <= LONGEST_PIXEL:
        ratio = 1.0
    return round(picture.width * max(ratio, 1)), round(picture.height / min(ratio, 1))


def _upright(image: Image, picture: VideoFrame) -> Image:
    """Given a frame as RGB, turn and mirror it as its display matrix says (ISO/IEC 14496-12, section 6.2.2)."""
    matrix: Any = picture.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return image
    a, b, _, c, d = np.frombuffer(matrix, np.int32)[:5]  # x' = a x + c y, y' = b x + d y
    if abs(b) > abs(a):
        image, a, d = np.asarray(cv2.transpose(image)), c, b
    if a < 0 or d < 0:
        image = np.asarray(cv2.flip(image, -1 if a < 0 and d < 0 else int(a < 0)))
    return image
