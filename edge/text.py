"""Text for people: numbers with their nouns, times, names that anyone chose, errors on one line."""

from datetime import datetime


def count(number: int, noun: str) -> str:
    """Given a number and a noun, return both, the noun with an s unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def local_time(at: str) -> str:
    """Given a time in ISO 8601, return it in the time zone of this machine, such as 2025-03-01 11:00:04+01:00."""
    return datetime.fromisoformat(at).astimezone().isoformat(" ", "seconds")


def printable(text: str) -> str:
    """Given text that anyone may have chosen, such as a file's name, return it without what would steer a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def one_line(error: BaseException) -> str:
    """Given an error, return its message on one line of at most 200 characters, or its class where it has none."""
    return " ".join(str(error).split())[:200] or type(error).__name__
