"""Reading the log: the events of a subject or of a door, and its verification."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from xianxue.kernel.commands import commands
from xianxue.kernel.crypto import Unsealable, open_text
from xianxue.kernel.history.canonical import GENESIS, leaf_hash, payload_hash
from xianxue.kernel.history.models import Event, Payload
from xianxue.kernel.history.records import COLUMNS

CHUNK = 5_000


@dataclass(frozen=True)
class Entry:
    """An event as people read it; `changes` maps a column's name to [old, new] canonical text."""

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


def _entry(event: Event, body: str | None) -> Entry:
    payload = json.loads(body) if body else {}
    info = commands.get(event.action)
    return Entry(
        seq=event.seq,
        at=datetime.strptime(event.at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC),
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
    )


def events_of(subject_type: str, subject_id: int, *, limit: int = 50) -> list[Entry]:
    """The latest events of one subject, newest first. The caller has checked that the subject is in reach."""
    events = Event.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-seq")[:limit]
    return [_entry(event, event.payload.body) for event in events.select_related("payload")]


def entries(numbers: Collection[int]) -> list[Entry]:
    """The events of these numbers, newest first."""
    events = Event.objects.filter(seq__in=numbers).order_by("-seq")
    return [_entry(event, event.payload.body) for event in events.select_related("payload")]


def events_via(via: str) -> Iterator[Entry]:
    """All events that came through one door (such as `import:12`), oldest first."""
    events = Event.objects.filter(via=via).order_by("seq").select_related("payload")
    for event in events.iterator(chunk_size=CHUNK):
        yield _entry(event, event.payload.body)


def last_number() -> int:
    """Number of the latest event, 0 for none. Inside a command nothing else can move it."""
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


@dataclass(frozen=True)
class Verdict:
    """Result of a verification: how many events were read, the head, and what is wrong with which event."""

    events: int
    head: str
    faults: tuple[tuple[int, str], ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify() -> Verdict:
    """Recompute the whole chain, in the order of the log, and the hash of every payload.

    An erased payload (no row) is no fault: the log binds its hash. Reads everything once, in constant memory.
    """
    faults: list[tuple[int, str]] = []
    previous, expected, count = GENESIS, 1, 0
    events = Event.objects.order_by("seq").values_list(*COLUMNS)
    bodies = _bodies()
    pending: tuple[int, str] | None = next(bodies, None)
    for values in events.iterator(chunk_size=CHUNK):
        row = dict(zip(COLUMNS, values, strict=True))
        seq, claimed = row["seq"], row.pop("leaf_hash")
        count += 1
        if seq != expected:
            faults.append((seq, f"missing {expected}–{seq - 1}"))
        if row["prev_hash"] != previous:
            faults.append((seq, "does not follow the event before"))
        if leaf_hash(row, row["algorithm"]) != claimed:
            faults.append((seq, "altered"))
        while pending and pending[0] < seq:
            faults.append((pending[0], "payload without event"))
            pending = next(bodies, None)
        if pending and pending[0] == seq:
            if payload_hash(row["salt"], pending[1].encode(), row["algorithm"]) != row["payload_hash"]:
                faults.append((seq, "payload altered"))
            pending = next(bodies, None)
        previous, expected = claimed, seq + 1
    return Verdict(count, previous, tuple(faults))


def _bodies() -> Iterator[tuple[int, str]]:
    # The token is read as it stands, so that one altered payload is named instead of ending the run.
    tokens = Payload.objects.annotate(token=Cast("body", TextField())).order_by("event_id")
    for seq, token in tokens.values_list("event_id", "token").iterator(chunk_size=CHUNK):
        try:
            yield seq, open_text(token)
        except Unsealable:
            yield seq, ""
