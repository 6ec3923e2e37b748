"""The page docs/speed.md, into which the benchmarks' tables go: each between two marks that say its name."""

from benchmarks import material

PAGE = material.ROOT / "docs" / "speed.md"


def put(name: str, text: str) -> None:
    """Given a benchmark's name and what it printed, put that between its marks. Raise ValueError if there are none."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before, began, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not began or not ended:
        raise ValueError(f"{PAGE}: expected the marks of {name}")
    PAGE.write_text(f"{before}{begin}\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
