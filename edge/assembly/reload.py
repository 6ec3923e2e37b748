"""The configuration read again while the service runs: what changed, what takes effect, what waits for a restart."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

from edge.assembly import parts
from edge.config import Config
from edge.errors import BadConfig
from edge.model.embedder import Embedder
from edge.recognition.matcher import Matcher

log = logging.getLogger(__name__)

AT_ONCE = ("match.false_accepts", "match.threshold", "match.products")
"""The keys that take effect without a restart."""


class Reload:
    """Call it to read the configuration again; faults in it are warnings, and the previous one stays in force."""

    def __init__(self, config: Config, read_config: Callable[[], Config], matcher: Matcher, embedder: Embedder) -> None:
        self._started, self._config, self._read = config, config, read_config
        self._matcher, self._embedder = matcher, embedder

    def __call__(self) -> None:
        """Use the new rule, and log each key that changed."""
        try:
            new = self._read()
        except BadConfig as error:
            for line in str(error).splitlines():
                log.warning("%s; the previous configuration stays in force", line)
            return
        changed = list(changes(self._config, new))
        for key, before, now in changed:
            effect = "in effect now" if key in AT_ONCE else "takes effect after: sudo systemctl restart bottlebank"
            log.info("%s changed from %s to %s, %s", key, *map(_shown, (before, now)), effect)
        if not changed:
            log.info("the configuration is read again; nothing in it has changed")
        waiting = [key for key, _, _ in changes(self._started, new) if key not in AT_ONCE]
        if waiting:
            log.warning("waiting for a restart: %s", ", ".join(waiting))
        self._config = new
        self._matcher.rule = parts.rule(new.match, self._embedder.card, self._matcher.rule.cohort)
        parts.log_not_enrolled(new.match, self._matcher.gallery)


def changes(old: Config, new: Config) -> Iterator[tuple[str, Any, Any]]:
    """Given two configurations, yield each key that differs, as `section.key`, with its old and its new value."""
    for section in fields(Config):
        before, now = getattr(old, section.name), getattr(new, section.name)
        for key in fields(before):
            values = getattr(before, key.name), getattr(now, key.name)
            if values[0] != values[1]:
                yield f"{section.name}.{key.name}", *values


def _shown(value: Any) -> str:
    return "its default" if value is None else str(value)
