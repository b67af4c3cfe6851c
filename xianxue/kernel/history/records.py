"""Writing events: inside commands only, in the same transaction as the change."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from xianxue.kernel import bulk
from xianxue.kernel.commands import running
from xianxue.kernel.history import tree
from xianxue.kernel.history.canonical import VERSION, canonical, leaf_hash, payload_hash
from xianxue.kernel.history.models import Event, Payload

Changes = Mapping[str, Sequence[str | None]]
COLUMNS = (
    "seq", "at", "actor_id", "via", "unit_id", "action", "subject_type", "subject_id",
    "salt", "payload_hash", "algorithm", "version", "prev_hash", "leaf_hash",
)  # fmt: skip
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


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
    """Write events in order, in bulk; returns their numbers in the log (empty for no drafts).

    The Merkle tree grows in the same transaction. Raises `tree.BrokenLog` where the log's end does not fit its tree.
    """
    this = running()
    head, previous, last_at = tree.last_of_log()
    events, payloads = [], []
    for event, body in _chain(drafts, head.size + 1, previous, last_at):
        events.append(event)
        payloads.append((event[0], body))
    if events:
        bulk.insert(Event, COLUMNS, events)
        bulk.insert(Payload, ("event_id", "body"), payloads)
        tree.grow(head, (event[-1] for event in events))
    this.recorded += len(events)
    return range(head.size + 1, head.size + 1 + len(events))


def _chain(drafts: Iterable[Draft], first: int, previous: str, last_at: str) -> Iterator[tuple[tuple[Any, ...], str]]:
    this = running()
    algorithm = tree.profile_algorithm()
    at, clock_back = _moment(last_at)
    for seq, draft in enumerate(drafts, first):
        payload = _payload(draft, this.by.label)
        if clock_back and seq == first:
            payload["clock_back"] = clock_back
        body = canonical(payload)
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


def moment_of(at: str) -> datetime:
    """A time as the log writes it."""
    return datetime.strptime(at, MOMENT).replace(tzinfo=UTC)


def _moment(last_at: str) -> tuple[str, int]:
    """The time to write, and by how many whole seconds the clock stands behind the event before (0: it does not).

    A step back of less than a second, as time servers make, is evened out; a larger one is written as it is, and said.
    """
    now = datetime.now(UTC)
    at = now.strftime(MOMENT)
    if at >= last_at:
        return at, 0
    behind = (moment_of(last_at) - now).total_seconds()
    return (last_at, 0) if behind < 1 else (at, int(behind))


def _payload(draft: Draft, actor: str) -> dict[str, Any]:
    payload: dict[str, Any] = {"actor": actor, "label": draft.subject.label, "changes": dict(draft.changes)}
    if draft.note:
        payload["note"] = draft.note
    if draft.facts:
        payload["facts"] = dict(draft.facts)
    return payload
