"""From what was chosen to what is written: which rows end, go, change their place, stay behind, and move."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.commands import Refused
from xianxue.people.choices import EnrolmentStatus, ExitReason
from xianxue.people.models import DuplicatePair, Enrolment, GuardianLink, Identifier, Person, StaffPost
from xianxue.people.selectors.duplicates.conflicts import (
    DERIVED,
    FIELDS,
    NOTHING,
    SIDES,
    all_clashes,
    key_of,
    person_label,
    questions,
)
from xianxue.people.selectors.duplicates.references import references

Choices = Mapping[str, str]


@dataclass
class Plan:
    """What one merge writes; `changed` holds rows with their new values, `fields` the survivor's own."""

    survivor: Person
    merged: Person
    fields: dict[str, Any] = field(default_factory=dict)
    changed: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)
    stays: set[tuple[str, int]] = field(default_factory=set)

    def moved(self) -> dict[str, list[int]]:
        """Keys of the rows that go over to the survivor, by reference."""
        gone = {(type(row), row.pk) for row in self.removed}
        found = {
            item.code: sorted(
                pk
                for pk in item.rows(self.merged.pk).values_list("pk", flat=True)
                if (item.code, pk) not in self.stays and (item.model, pk) not in gone
            )
            for item in references()
        }
        return {code: keys for code, keys in found.items() if keys}


def made(pair: DuplicatePair, choices: Choices, day: date) -> Plan:
    """The plan for the choices; refuses where something was not chosen. Runs in the whole county."""
    _refuse_open_questions(pair, choices)
    is_first = choices["survivor"] == "first"
    survivor, merged = (pair.first, pair.second) if is_first else (pair.second, pair.first)
    plan = Plan(survivor, merged)
    _choose_fields(plan, choices, "second" if is_first else "first")
    for clash in all_clashes(pair):
        if (chosen := choices.get(key_of(clash))) is None:
            # Not asked: the rows of other parts of the house stay with the record that they were written for.
            row = clash.second if is_first else clash.first
            plan.stays.add((clash.reference.code, row.pk))
        else:
            _settle(plan, clash.second if chosen == "first" else clash.first, day)
    _renumber(plan, choices)
    return plan


def _refuse_open_questions(pair: DuplicatePair, choices: Choices) -> None:
    if choices.get("survivor") not in SIDES:
        raise Refused(_("未能合并：没有选择保留哪一份记录。请选择后再提交。"), field="survivor")
    wanted = [(item.key, item.label) for item in questions(pair)]
    wanted += [(f"field:{name}", person_label(name)) for name in _differing(pair)]
    for key, label in wanted:
        if choices.get(key) not in SIDES:
            raise Refused(_("未能合并：“%(what)s”没有选择。请选择后再提交。") % {"what": label}, field=key)


def _differing(pair: DuplicatePair) -> list[str]:
    values = [(name, getattr(pair.first, name), getattr(pair.second, name)) for name in FIELDS]
    return [name for name, a, b in values if a not in NOTHING and b not in NOTHING and a != b]


def _choose_fields(plan: Plan, choices: Choices, merged_side: str) -> None:
    """The values taken from the merged record: those chosen, and those that the survivor lacks."""
    for name in FIELDS:
        mine, theirs = getattr(plan.survivor, name), getattr(plan.merged, name)
        is_lacking = mine in NOTHING and theirs not in NOTHING
        if is_lacking or (choices.get(f"field:{name}") == merged_side and mine != theirs):
            for part in (name, *DERIVED.get(name, ())):
                plan.fields[part] = getattr(plan.merged, part)


def _settle(plan: Plan, other: Any, day: date) -> None:
    """What becomes of the row that was not chosen."""
    if isinstance(other, Enrolment):
        _end_enrolment(plan, other, day)
    elif isinstance(other, Identifier):
        plan.changed.append((other, {"valid_to": max(day, other.valid_from or day)}))
    elif isinstance(other, StaffPost):
        plan.changed.append((other, {"ended_on": max(day, other.started_on)}))
    else:
        plan.removed.append(other)


def _end_enrolment(plan: Plan, enrolment: Enrolment, day: date) -> None:
    ended = max(day, enrolment.entered_on)
    plan.changed.append(
        (enrolment, {"status": EnrolmentStatus.LEFT, "ended_on": ended, "exit_reason": ExitReason.INVALID})
    )
    for seat in enrolment.memberships.filter(ended_on__isnull=True):
        plan.changed.append((seat, {"ended_on": max(ended, seat.started_on)}))


def _renumber(plan: Plan, choices: Choices) -> None:
    """Places of guardians: one side keeps its own, the other side's come after all of them."""
    if "guardians" not in choices:
        return
    links = [
        link
        for link in GuardianLink.objects.filter(pupil__in=(plan.survivor, plan.merged)).order_by("order", "pk")
        if link.pk not in {row.pk for row in plan.removed if isinstance(row, GuardianLink)}
    ]
    first = plan.survivor if (choices["guardians"] == choices["survivor"]) else plan.merged
    place = max((link.order for link in links), default=0)
    for link in links:
        if link.pupil_id != first.pk:
            place += 1
            plan.changed.append((link, {"order": place}))
