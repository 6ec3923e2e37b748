"""The tiny model of tests/fixtures, which sees only the mean colour of nine patches."""

from pathlib import Path

TINY = Path(__file__).parent / "fixtures" / "tiny.tflite"
