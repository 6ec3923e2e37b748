"""Text for people: numbers with their nouns, names that anyone chose, errors on one line."""


def count(number: int, noun: str) -> str:
    """Given a number and a noun, return both, the noun with an s unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def printable(text: str) -> str:
    """Given text that anyone may have chosen, such as a file's name, return it without what would steer a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def one_line(error: BaseException) -> str:
    """Given an error, return its message on one line of at most 200 characters, or its class where it has none."""
    return " ".join(str(error).split())[:200] or type(error).__name__
