"""What is enrolled, file by file, for people."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from edge.assembly.status import Enrolled
from edge.bank.preflight import Advice
from edge.bank.sync import Report
from edge.bank.tables import Entry
from edge.text import count, printable
from edge.types import NOT_A_PRODUCT


def as_lines(enrolled: Enrolled, advice: Sequence[Advice]) -> list[str]:
    """Given what is enrolled and what could be better, return a line per product, file of note and advice."""
    products = defaultdict(list)
    for entry in enrolled.entries:
        if entry.state == "enrolled":
            products[entry.product].append(entry)
    lines = []
    for product, entries in sorted(products.items()):
        lines.append(f"{product}  {count(len(entries), 'negative' if product == NOT_A_PRODUCT else 'photo')}")
        lines += [f"  {entry.photo}  {_note(entry)}" for entry in entries if entry.views > 1 or entry.note]
    lines += [f"{entry.state}  {entry.photo}  {entry.reason}" for entry in enrolled.entries if entry.reason]
    lines += [f"waiting  {name}  the service has not read it yet" for name in enrolled.waiting]
    lines += [f"advice  {each.product}: {each.text}" for each in advice]
    return [printable(line) for line in lines]


def report_as_lines(report: Report, enrolled: Enrolled, advice: Sequence[Advice]) -> list[str]:
    """Given what a sync changed and what is enrolled now, return a line per change, unused file and advice."""
    changes = {"added": report.added, "replaced": report.replaced, "removed": report.removed}
    lines = [f"{change:8}  {name}" for change, names in changes.items() for name in names]
    lines += [f"renamed   {old} to {new}" for old, new in report.renamed]
    for state in ("refused", "ignored"):
        lines += [f"{state}   {entry.photo}  {entry.reason}" for entry in enrolled.entries if entry.state == state]
    lines += [f"advice    {each.product}: {each.text}" for each in advice]
    return [printable(line) for line in lines]


def total(enrolled: Enrolled) -> str:
    """Given what is enrolled, return how much of each kind it is."""
    states = Counter(entry.state for entry in enrolled.entries)
    photos = enrolled.photos
    text = f"{count(len(photos), 'photo')} of {count(len({entry.product for entry in photos}), 'product')} enrolled"
    return text + f", {states['refused']} refused" + (f", {states['ignored']} ignored" if states["ignored"] else "")


def _note(entry: Entry) -> str:
    views = count(entry.views, "view")
    return f"{views}; {entry.note}" if entry.note else views
