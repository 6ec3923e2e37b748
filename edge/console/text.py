"""Numbers with their nouns."""


def count(number: int, noun: str) -> str:
    """Given a number and a noun, return both, the noun with an s unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def printable(text: str) -> str:
    """Given text that anyone may have chosen, such as a file's name, return it without what would steer a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
