"""The status of the service, for people and as JSON."""

import json
from typing import Any

from edge.assembly.status import Status
from edge.daemon.snapshot import ServiceStatus
from edge.events.format import as_json as event_as_json
from edge.events.format import as_line
from edge.text import count, local_time
from edge.types import Event


def as_json(status: Status) -> str:
    """Given the status, return one line of JSON."""
    service, bank = status.service, status.bank
    running: dict[str, Any] = {"running": service is not None, "fault": service if isinstance(service, str) else None}
    if isinstance(service, ServiceStatus):
        running |= service._asdict()
    enrolled = {
        "photos": len(bank.photos),
        "products": len({entry.product for entry in bank.photos}),
        "refused": sum(entry.state == "refused" for entry in bank.entries),
        "waiting": len(bank.waiting),
        "model": bank.model,
    }
    plain = {
        "service": running,
        "bank": enrolled,
        "events": dict(status.counts),
        "last": _plain(status.last) if status.last else None,
        "open": [_plain(event) for event in status.standing],
        "gaps": [gap._asdict() for gap in status.gaps],
    }
    return json.dumps(plain, ensure_ascii=False)


def as_lines(status: Status) -> list[str]:
    """Given the status, return lines for people, with local times."""
    bank = status.bank
    photos, products = count(len(bank.photos), "photo"), count(len({entry.product for entry in bank.photos}), "product")
    refused = sum(entry.state == "refused" for entry in bank.entries)
    waiting = f", {len(bank.waiting)} waiting" if bank.waiting else ""
    model = f", model {bank.model[:12]}" if bank.model else ""
    counts = ", ".join(f"{number} {kind}" for kind, number in status.counts.items())
    lines = [
        f"service {_service(status.service)}",
        f"bank    {photos} of {products}, {refused} refused{waiting}{model}",
        f"events  {counts or 'none yet'}",
    ]
    if status.last:
        lines.append(f"last    {as_line(status.last, local_time(status.last.at))}")
    lines += [f"open    {as_line(event, local_time(event.at))}" for event in status.standing]
    for gap in status.gaps:
        times = f"{local_time(gap.since)} to {local_time(gap.until)}"
        lines.append(f"gap     {times}: {gap.late} recorded late, {gap.lost} lost")
    return lines


def _service(service: ServiceStatus | str | None) -> str:
    if service is None:
        return "not running"
    if isinstance(service, str):
        return f"running, but: {service}"
    rate = "one frame so far" if service.fps is None else f"{service.fps:.1f} frames a second"
    seen = count(service.objects, "object")
    return f"running since {local_time(service.since)}, {rate}, last at {local_time(service.at)[11:]}, {seen} in view"


def _plain(event: Event) -> Any:
    return json.loads(event_as_json(event))
