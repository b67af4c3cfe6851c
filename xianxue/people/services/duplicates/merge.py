"""Two records become one: everything moves to the survivor, and the event says what moved."""

from typing import Any

from django.db.models import Model
from django.utils import timezone

from xianxue.kernel import bulk
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.organisations.services import name_head_teachers
from xianxue.people.choices import DuplicateState
from xianxue.people.models import DuplicatePair, Person, StaffPost
from xianxue.people.selectors.duplicates import schools_of
from xianxue.people.selectors.duplicates.conflicts import FIELDS
from xianxue.people.selectors.duplicates.references import by_code
from xianxue.people.services.duplicates.plan import Choices, Plan, made
from xianxue.people.services.duplicates.rows import as_text, text_of

PERSON = "people.person"


def merge(pair: DuplicatePair, choices: Choices, *, reason: str, action: str = "") -> None:
    """Write the merge and its events inside the running command. Runs in the whole county.

    The event on the survivor holds all that undoing needs: what moved, ended, went and stayed, with the old values.
    """
    plan = made(pair, choices, timezone.localdate())
    moved = plan.moved()
    facts: dict[str, Any] = {
        "pair": pair.pk,
        "survivor": plan.survivor.pk,
        "merged": plan.merged.pk,
        "moved": moved,
        "changed": [_change(row, values) for row, values in plan.changed],
        "removed": [[type(row)._meta.label, as_text(row)] for row in plan.removed],
        "stays": sorted([code, pk] for code, pk in plan.stays),
    }
    # Where the values come from is asked before they are written.
    changes = {
        name: [text_of(plan.survivor, name), text_of(plan.merged, name)] for name in plan.fields if name in FIELDS
    }
    schools = schools_of([plan.survivor.pk, plan.merged.pk])
    _write(plan, moved)
    seq = _record(plan, changes, facts, schools, reason, action)
    DuplicatePair.objects.filter(pk=pair.pk).update(
        state=DuplicateState.MERGED,
        merge_seq=seq,
        decided_on=timezone.localdate(),
        reason=reason,
        choices=dict(choices),
    )


def _change(row: Model, values: dict[str, Any]) -> list[Any]:
    before = {name: text_of(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    return [row._meta.label, row.pk, {name: [before[name], text_of(row, name)] for name in values}]


def _write(plan: Plan, moved: dict[str, list[int]]) -> None:
    """First what makes room, then what moves."""
    for row in plan.removed:
        bulk.delete(type(row), "id", [row.pk])
    for row, values in plan.changed:
        type(row)._default_manager.filter(pk=row.pk).update(**values)
    known = by_code()
    for code, keys in moved.items():
        reference = known[code]
        reference.model._default_manager.filter(pk__among=keys).update(**{reference.name: plan.survivor.pk})
    if plan.fields:
        Person.objects.filter(pk=plan.survivor.pk).update(**plan.fields)
    Person.objects.filter(pk=plan.merged.pk).update(merged_into=plan.survivor.pk)
    rename_head_teachers(plan.survivor.pk)


def rename_head_teachers(*people: int) -> None:
    """Classes show the name of their head teacher: told anew where one of the persons is on the staff."""
    schools = set(StaffPost.objects.filter(person_id__in=people).values_list("school_id", flat=True))
    if schools:
        name_head_teachers(schools)


def _record(
    plan: Plan,
    changes: dict[str, Any],
    facts: dict[str, Any],
    schools: dict[int, set[int]],
    reason: str,
    action: str,
) -> int:
    units = {pk: next(iter(found)) if len(found) == 1 else None for pk, found in schools.items()}
    survivor, merged = plan.survivor, plan.merged
    into = {"pair": facts["pair"], "survivor": survivor.pk, "merged": merged.pk}
    events = record_many(
        [
            Draft(Subject(PERSON, merged.pk, merged.name), {}, units.get(merged.pk), reason, into, action),
            Draft(Subject(PERSON, survivor.pk, survivor.name), changes, units.get(survivor.pk), reason, facts, action),
        ]
    )
    return events[-1]
