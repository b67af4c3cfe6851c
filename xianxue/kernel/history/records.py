"""Writing events: inside commands only, in the same transaction as the change."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from xianxue.kernel import bulk
from xianxue.kernel.commands import running
from xianxue.kernel.history.canonical import GENESIS, SHA256, SM3, VERSION, canonical, leaf_hash, payload_hash
from xianxue.kernel.history.models import Event, Payload

Changes = Mapping[str, Sequence[str | None]]
COLUMNS = (
    "seq", "at", "actor_id", "via", "unit_id", "action", "subject_type", "subject_id",
    "salt", "payload_hash", "algorithm", "version", "prev_hash", "leaf_hash",
)  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """What an event is about: `type` is `app.model` in lower case, `label` the name as known at the time."""

    type: str
    pk: int
    label: str = ""


@dataclass(frozen=True)
class Draft:
    """An event to be written.

    `changes` maps a column's name to [old, new] canonical text. `note` is a reason in plain words.
    `facts` holds further plain values (text, whole numbers, yes/no). `action` defaults to the running command's code.
    """

    subject: Subject
    changes: Changes = field(default_factory=dict)
    unit_id: int | None = None
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    action: str = ""


def record(
    subject: Subject,
    changes: Changes | None = None,
    *,
    unit_id: int | None = None,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Write one event of the running command; returns its number in the log."""
    return record_many([Draft(subject, changes or {}, unit_id, note, facts or {})])[-1]


def record_many(drafts: Iterable[Draft]) -> range:
    """Write events in order, in bulk; returns their numbers in the log (empty for no drafts)."""
    this = running()
    head = Event.objects.order_by("-seq").values_list("seq", "leaf_hash").first()
    first, previous = (head[0] + 1, head[1]) if head else (1, GENESIS)
    events, payloads = [], []
    for event, body in _chain(drafts, first, previous):
        events.append(event)
        payloads.append((event[0], body))
    bulk.insert(Event, COLUMNS, events)
    bulk.insert(Payload, ("event_id", "body"), payloads)
    this.recorded += len(events)
    return range(first, first + len(events))


def _chain(drafts: Iterable[Draft], first: int, previous: str) -> Iterator[tuple[tuple[Any, ...], str]]:
    this = running()
    algorithm = SM3 if settings.CRYPTO_PROFILE == "national" else SHA256
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for seq, draft in enumerate(drafts, first):
        body = canonical(_payload(draft, this.by.label))
        salt = os.urandom(16).hex()
        event = {
            "seq": seq,
            "at": at,
            "actor_id": this.by.user_id,
            "via": this.by.via,
            "unit_id": draft.unit_id if draft.unit_id is not None else this.by.unit_id,
            "action": draft.action or this.info.code,
            "subject_type": draft.subject.type,
            "subject_id": draft.subject.pk,
            "salt": salt,
            "payload_hash": payload_hash(salt, body, algorithm),
            "algorithm": algorithm,
            "version": VERSION,
            "prev_hash": previous,
        }
        previous = leaf_hash(event, algorithm)
        yield (*event.values(), previous), body.decode()


def _payload(draft: Draft, actor: str) -> dict[str, Any]:
    payload: dict[str, Any] = {"actor": actor, "label": draft.subject.label, "changes": dict(draft.changes)}
    if draft.note:
        payload["note"] = draft.note
    if draft.facts:
        payload["facts"] = dict(draft.facts)
    return payload
