"""An enrolment with its seats as it stands, kept so that it can be given back exactly, or found to have changed.

For commands: call it within `whole_county`, since a seat may lie in a class that the person acting does not reach.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from xianxue.kernel import bulk
from xianxue.people.models import ClassMembership, Enrolment

FACTS = ("status", "cohort_year", "classroom_id", "ended_on", "exit_reason", "released_on", "keeper_id")
DATES = frozenset({"ended_on", "released_on"})
SEAT = ("enrolment_id", "classroom_id", "started_on", "ended_on")

Kept = dict[str, Any]
"""Facts by field, and under `seats` the rows (key, class, from, until) in order of keys; days as ISO text."""


def kept(enrolments: Collection[int]) -> dict[int, Kept]:
    """Each enrolment as it stands now. Two queries."""
    rows = Enrolment.objects.filter(pk__among=enrolments).values("pk", *FACTS)
    found: dict[int, Kept] = {row.pop("pk"): {name: _text(value) for name, value in row.items()} for row in rows}
    for facts in found.values():
        facts["seats"] = []
    seats = ClassMembership.objects.filter(enrolment_id__among=enrolments).order_by("pk")
    for enrolment, *seat in seats.values_list("enrolment_id", "pk", "classroom_id", "started_on", "ended_on"):
        found[enrolment]["seats"].append([_text(value) for value in seat])
    return found


def changed_since(after: Mapping[int, Kept]) -> list[int]:
    """Keys of the enrolments that do not stand as they were left."""
    now = kept(list(after))
    return [pk for pk, facts in after.items() if now.get(pk) != facts]


def elsewhere(enrolments: Collection[int]) -> list[int]:
    """Those of the enrolments whose pupil has since been enrolled anew; reopening them would make two of one pupil."""
    people = dict(Enrolment.objects.filter(pk__among=enrolments).values_list("pk", "person_id"))
    others = Enrolment.objects.filter(person_id__among=set(people.values()), ended_on=None)
    busy = set(others.exclude(pk__in=list(people)).values_list("person_id", flat=True))
    return [pk for pk, person in people.items() if person in busy]


def give_back(before: Mapping[int, Kept]) -> None:
    """Put facts and seats back as kept; seats made since go, those that went return under their own keys."""
    now = kept(list(before))
    rows = [(pk, *(_value(name, facts[name]) for name in FACTS)) for pk, facts in before.items()]
    bulk.update(Enrolment, FACTS, rows)
    old = {seat[0]: (pk, *seat[1:]) for pk, facts in before.items() for seat in facts["seats"]}
    new = {seat[0]: (pk, *seat[1:]) for pk, facts in now.items() for seat in facts["seats"]}
    bulk.delete(ClassMembership, "id", sorted(new.keys() - old.keys()))
    changed = [(key, *_seat(old[key])) for key in sorted(old.keys() & new.keys()) if old[key] != new[key]]
    # An enrolment has one open seat: those that end come before those that open.
    bulk.update(ClassMembership, SEAT, sorted(changed, key=lambda row: row[-1] is None))
    bulk.insert(ClassMembership, ("id", *SEAT), ((key, *_seat(old[key])) for key in sorted(old.keys() - new.keys())))


def _seat(seat: tuple[Any, ...]) -> tuple[Any, ...]:
    enrolment, classroom, started, ended = seat
    return enrolment, classroom, date.fromisoformat(started), date.fromisoformat(ended) if ended else None


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in DATES and value else value
