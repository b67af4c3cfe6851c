"""Opening many matters at once, for what the system finds by thousands: the same rows as one by one, in bulk."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from xianxue.kernel import bulk
from xianxue.kernel.access import Actor
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.declaration import Step
from xianxue.kernel.procedures.models import SUBJECT_TYPE, TITLE_LENGTH, Matter, MatterSubject, Party, StepRecord, Todo

MATTER = (
    "id", "procedure", "state", "unit_id", "title", "opening_key", "steps_done", "opened_on", "state_since",
    "accept_due_on", "accepted_on", "finish_due_on", "finished_on", "paused_on",
)  # fmt: skip
TODO = (
    "matter_id", "place", "unit_id", "since_on", "due_on", "reminded_on", "reminded_stage", "escalated_on",
    "escalated_level",
)  # fmt: skip
RECORD = (
    "matter_id", "number", "step", "from_state", "to_state", "done_at", "user_id", "actor", "for_user_id", "for_actor",
    "place", "unit_id", "note", "due_on", "first_seq", "event_seq",
)  # fmt: skip


def open_many(step: Step, subjects: Sequence[MatterSubject], *, by: Actor) -> None:
    """Open a matter for each of the unsaved subjects, by the system; call it inside a command.

    The opening step must be one that the system may do, and have neither rules nor papers. Sets the keys of the subjects
    and their matters. One event each, under the step's own code.
    """
    if not step.opens or not step.by_system or step.needs or step.papers:
        message = f"{step.procedure.code}.{step.code} is not for the system to open by thousands."
        raise ValueError(message)
    if not subjects:
        return
    today = clock.today()
    ids = list(bulk.next_ids(Matter, len(subjects)))
    parties = [subject.parties() for subject in subjects]
    bulk.insert(Matter, MATTER, _matters(step, ids, subjects, parties, today))
    places = ((pk, place, unit, None) for pk, each in zip(ids, parties, strict=True) for place, unit in each.items())
    bulk.insert(Party, ("matter_id", "place", "unit_id", "released_on"), places)
    bulk.insert(Todo, TODO, _todos(step, ids, parties, today))
    _save(subjects, ids)
    _record(step, subjects, parties, by=by)


def _matters(
    step: Step, ids: Sequence[int], subjects: Sequence[MatterSubject], parties: Sequence[dict[str, int]], today: date
) -> list[tuple[Any, ...]]:
    item = step.procedure
    accept_due_on = item.accept_within.after(today) if item.accept_within else None
    finish_due_on = item.finish_within.after(today) if item.finish_within else None
    return [
        (pk, item.code, step.to, units.get(step.at), subject.matter_title()[:TITLE_LENGTH], None, 1, today, today,
         accept_due_on, today if step.accepts else None, finish_due_on, None, None)
        for pk, subject, units in zip(ids, subjects, parties, strict=True)
    ]  # fmt: skip


def _todos(step: Step, ids: Sequence[int], parties: Sequence[dict[str, int]], today: date) -> list[tuple[Any, ...]]:
    limits: dict[str, list[date]] = {}
    for following in step.procedure.steps_from(step.to):
        if following.makes_todo:
            found = limits.setdefault(following.at, [])
            if following.within:
                found.append(following.within.after(today))
    return [
        (pk, place, units[place], today, min(found) if found else None, None, 0, None, 0)
        for pk, units in zip(ids, parties, strict=True)
        for place, found in limits.items()
        if place in units
    ]


def _save(subjects: Sequence[MatterSubject], ids: Sequence[int]) -> None:
    model = type(subjects[0])
    fields = list(model._meta.concrete_fields)
    keys = bulk.next_ids(model, len(subjects))
    for subject, matter_id, pk in zip(subjects, ids, keys, strict=True):
        subject.pk, subject.matter_id = pk, matter_id
    rows = ([getattr(subject, field.attname) for field in fields] for subject in subjects)
    bulk.insert(model, [field.attname for field in fields], rows)


def _record(step: Step, subjects: Sequence[MatterSubject], parties: Sequence[dict[str, int]], *, by: Actor) -> None:
    code, label = step.procedure.code, type(subjects[0])._meta.label_lower
    numbers = record_many(
        Draft(
            Subject(SUBJECT_TYPE, subject.matter_id, subject.matter_title()[:TITLE_LENGTH]),
            {"state": [None, step.to]},
            units.get(step.at),
            facts={"procedure": code, "step": step.code, "number": 1, "subject_type": label, "subject_id": subject.pk},
            action=f"{code}.{step.code}",
        )
        for subject, units in zip(subjects, parties, strict=True)
    )
    now = clock.now()
    bulk.insert(
        StepRecord,
        RECORD,
        (
            (subject.matter_id, 1, step.code, "", step.to, now, by.user_id, by.label, None, "", step.at,
             units.get(step.at), "", None, seq, seq)
            for subject, units, seq in zip(subjects, parties, numbers, strict=True)
        ),
    )  # fmt: skip
