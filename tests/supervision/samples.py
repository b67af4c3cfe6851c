"""Samples of matters: what the contracts try them with."""

from datetime import date
from typing import Any

from tests.cast import Cast
from tests.contracts.declared import Sample, openers
from xianxue.kernel.procedures.models import Matter, Party
from xianxue.organisations.models import School


def _matter(cast: Cast, school: School, number: int) -> Any:
    """A transfer within the county, for which the school has asked."""
    subject = openers()["people.transfer"].open(cast, number)
    if school != cast.second_primary:
        Matter.unguarded.filter(pk=subject.matter_id).update(unit_id=school.pk)
        subject.matter.parties.exclude(place="county").update(unit_id=school.pk)
    else:
        subject.matter.parties.filter(place="sending").update(unit_id=school.pk)
    return subject.matter


SAMPLES: dict[str, Sample] = {
    "matters": Sample(_matter),
}


def counted(cast: Cast) -> None:
    """On the last day of 2024 two of the First Primary are open, one of them late; three are finished, two in time."""
    _opened(cast, opened_on=date(2024, 12, 20), finish_due_on=date(2025, 1, 20))
    _opened(cast, opened_on=date(2024, 11, 1), finish_due_on=date(2024, 11, 29), finished_on=date(2025, 2, 10))
    _opened(cast, opened_on=date(2024, 9, 2), finish_due_on=date(2024, 9, 30), finished_on=date(2024, 9, 30))
    _opened(cast, opened_on=date(2024, 9, 2), finish_due_on=date(2024, 9, 30), finished_on=date(2024, 10, 8))
    _opened(cast, unit=cast.first_class.pk, opened_on=date(2024, 10, 8), finished_on=date(2024, 10, 9))


def _opened(cast: Cast, *, unit: int = 0, **days: date) -> None:
    state = "done" if "finished_on" in days else "opened"
    school = cast.first_primary.pk
    matter = Matter.unguarded.create(
        procedure="people.key_facts", state=state, unit_id=unit or school, title="关键信息变更",
        state_since=days["opened_on"], **days,
    )  # fmt: skip
    for place, party in (("school", school), ("county", cast.county.pk)):
        Party.objects.create(matter=matter, place=place, unit_id=party)
