"""Reading the log: the events of a subject or of a door, and its verification."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from xianxue.kernel.commands import commands
from xianxue.kernel.history.diagnosis import Fault
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import moment_of
from xianxue.kernel.history.verification import Verdict, verify

CHUNK = 5_000
__all__ = ["Entry", "Fault", "Verdict", "entries", "events_of", "events_of_all", "events_via", "last_number", "verify"]


@dataclass(frozen=True)
class Entry:
    """An event as people read it; `changes` maps a column's name to [old, new] canonical text.

    `clock_back` is by how many seconds the clock stood behind the event before; of an erased event only its columns are
    left.
    """

    seq: int
    at: datetime
    action: str
    action_label: str
    actor: str
    via: str
    unit_id: int | None
    subject_type: str
    subject_id: int
    label: str
    changes: dict[str, list[str | None]] = field(default_factory=dict)
    note: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    clock_back: int = 0
    is_erased: bool = False


def _entry(event: Event, body: str | None) -> Entry:
    payload = json.loads(body) if body else {}
    info = commands.get(event.action)
    return Entry(
        seq=event.seq,
        at=moment_of(event.at),
        action=event.action,
        action_label=str(info.label) if info else event.action,
        actor=payload.get("actor", ""),
        via=event.via,
        unit_id=event.unit_id,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        label=payload.get("label", ""),
        changes=payload.get("changes", {}),
        note=payload.get("note", ""),
        facts=payload.get("facts", {}),
        clock_back=payload.get("clock_back", 0),
        is_erased=body is None,
    )


def _body(event: Event) -> str | None:
    """What the event says; None where it was erased by law."""
    return event.payload.body if hasattr(event, "payload") else None


def events_of(subject_type: str, subject_id: int, *, limit: int = 50) -> list[Entry]:
    """The latest events of one subject, newest first. The caller has checked that the subject is in reach."""
    return events_of_all([(subject_type, subject_id)], limit=limit)


def events_of_all(subjects: Iterable[tuple[str, int]], *, limit: int = 50) -> list[Entry]:
    """The latest events of several subjects together, newest first, in one query. The caller has checked each of them."""
    of_one = (Q(subject_type=kind, subject_id=pk) for kind, pk in subjects)
    events = Event.objects.filter(reduce(or_, of_one, Q(pk__in=[]))).order_by("-seq")[:limit]
    return [_entry(event, _body(event)) for event in events.select_related("payload")]


def entries(numbers: Collection[int]) -> list[Entry]:
    """The events of these numbers, newest first."""
    events = Event.objects.filter(seq__in=numbers).order_by("-seq")
    return [_entry(event, _body(event)) for event in events.select_related("payload")]


def events_via(via: str) -> Iterator[Entry]:
    """All events that came through one door (such as `import:12`), oldest first."""
    events = Event.objects.filter(via=via).order_by("seq").select_related("payload")
    for event in events.iterator(chunk_size=CHUNK):
        yield _entry(event, _body(event))


def last_number() -> int:
    """Number of the latest event, 0 for none. Inside a command nothing else can move it."""
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
