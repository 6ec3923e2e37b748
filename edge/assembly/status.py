"""How the service is, what is enrolled and what happened, read from the state folder without changing it."""

from collections.abc import Mapping
from contextlib import closing
from typing import NamedTuple

from edge.bank.folder import scan
from edge.bank.preflight import Advice, report
from edge.bank.store import BankReader
from edge.bank.tables import Entry
from edge.config import Config
from edge.daemon.snapshot import ServiceStatus, request_status
from edge.errors import StoreError
from edge.events.ledger_reader import LedgerReader
from edge.events.ledger_table import Gap
from edge.storage.files import readable
from edge.types import NOT_A_PRODUCT, Event


class Enrolled(NamedTuple):
    """The bank. entries: the files of the last sync. waiting: files of the enrollment folder that are newer."""

    entries: list[Entry]
    waiting: list[str]
    model: str | None

    @property
    def photos(self) -> list[Entry]:
        """The enrolled photos of products."""
        return [entry for entry in self.entries if entry.state == "enrolled" and entry.product != NOT_A_PRODUCT]

    def reasons(self, state: str) -> dict[str, str | None]:
        """Given refused or ignored, return the files that are, with the reason."""
        return {entry.photo: entry.reason for entry in self.entries if entry.state == state}


class Status(NamedTuple):
    """service: how it is; None if it does not run, text if it gives no answer. counts: placements by their events.

    last: the event recorded last. standing: the last event of each placement that was not removed.
    gaps: the times in which events could not be recorded.
    """

    service: ServiceStatus | str | None
    bank: Enrolled
    counts: Mapping[str, int]
    last: Event | None
    standing: list[Event]
    gaps: list[Gap]


def read_status(config: Config) -> Status:
    """Given the configuration, return what its folders say. Raise StoreError if this user may not read them."""
    bank = read_enrolled(config)
    service = _service(config)
    if not readable(config.state.ledger):
        return Status(service, bank, {}, None, [], [])
    with closing(LedgerReader(config.state.ledger)) as ledger:
        return Status(service, bank, ledger.counts(), ledger.last(), ledger.open_placements(), ledger.gaps())


def read_enrolled(config: Config) -> Enrolled:
    """Given the configuration, return what is enrolled. Raise StoreError if this user may not read it."""
    entries, model = [], None
    if readable(config.state.bank):
        with BankReader(config.state.bank) as bank:
            entries, model = bank.entries(), bank.model
    known = {entry.photo for entry in entries}
    photos = scan(config.enroll.folder) if config.enroll.folder.is_dir() else []
    return Enrolled(entries, [photo.name for photo in photos if photo.name not in known], model)


def read_advice(config: Config) -> list[Advice]:
    """Given the configuration, return what could be better about the enrolled photos. Raise StoreError."""
    if not readable(config.state.bank):
        return []
    with BankReader(config.state.bank) as bank:
        return report(bank)


def _service(config: Config) -> ServiceStatus | str | None:
    try:
        return request_status(config.state.folder)
    except StoreError as error:
        return str(error)
