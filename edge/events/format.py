"""How an event is written: one JSON object a line for machines, a calm line for people. Described in docs/events.md."""

import json

from edge.text import printable
from edge.types import NOT_A_PRODUCT, Event

DIGITS = 4
"""Decimals of a score, in the journal and in the ledger."""

_COLOURS = {"placed": 36, "identified": 32, "unknown": 33, "removed": 90}


def as_json(event: Event) -> str:
    """Given an event, return it as one line of JSON, in ASCII, every key always present."""
    match = event.match
    scores = [_rounded(candidate.score) for candidate in match.candidates] if match else []
    return json.dumps(
        {
            "event": event.event,
            "placement": event.placement,
            "at": event.at,
            "t": round(event.t, 3),
            "frame": event.frame,
            "box": [int(number) for number in event.box],
            "product": match.product if match else None,
            "score": scores[0] if scores else None,
            "threshold": _rounded(match.threshold) if match else None,
            "confidence": None if match is None or match.confidence is None else _rounded(match.confidence),
            "margin": _rounded(scores[0] - scores[1]) if len(scores) > 1 else None,
            "photo": match.photo if match else None,
            "candidates": [
                {"product": candidate.product, "score": score, "photo": candidate.photo}
                for candidate, score in zip(match.candidates if match else (), scores, strict=True)
            ],
        },
        allow_nan=False,
    )


def as_line(event: Event, time: str, colour: bool = False) -> str:
    """Given an event and its time as people read it, return it in words, on one line.

    colour: with the escape codes of a terminal.
    """
    kind = f"{event.event:10}"
    if colour:
        kind = f"\x1b[{_COLOURS[event.event]}m{kind}\x1b[0m"
    return f"{time}  {kind}  {event.placement}  {_words(event)}".rstrip()


def as_message(event: Event) -> str:
    """Given an event, return what happened in words, without the time and the placement's id."""
    return f"{event.event} {_words(event)}".rstrip()


def _words(event: Event) -> str:
    match = event.match
    if event.event == "placed":
        return f"at {event.box.x},{event.box.y}, {event.box.width}x{event.box.height} pixels"
    if match is None:
        return ""
    if match.score is None:
        return "nothing is enrolled"
    names = [printable(candidate.product) for candidate in match.candidates]
    if match.product is None:
        nearest = f"nearest {names[0]} {match.score:.3f}"
        return nearest if names[0] == NOT_A_PRODUCT else f"{nearest}, under {match.threshold:.3f}"
    if event.event == "removed":
        return names[0]
    second = f", then {names[1]} {match.candidates[1].score:.3f}" if len(names) > 1 else ""
    return f"{names[0]} {match.score:.3f}{second}"


def _rounded(score: float) -> float:
    return round(float(score), DIGITS)
