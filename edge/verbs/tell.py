"""Events as they are printed."""

import os
import sys
from collections.abc import Callable

from edge.events.journal import as_json, as_line
from edge.types import Event


def teller(json: bool) -> Callable[[Event], None]:
    """Return what prints an event on stdout at once: as JSON, or for people, in colour on a terminal."""
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def tell(event: Event) -> None:
        print(as_json(event) if json else as_line(event, colour), flush=True)

    return tell
