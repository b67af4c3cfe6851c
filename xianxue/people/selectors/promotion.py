"""Who moves up with the class and who does not, at one school in one year."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xianxue.organisations.choices import STAGE_YEARS, Stage
from xianxue.organisations.models import Classroom, School, class_name
from xianxue.people.models import Enrolment, PromotionConfirmation, PromotionException
from xianxue.people.rules.promotion import Facts, Group, group_of, starts_on


@dataclass(frozen=True)
class Standing:
    """One pupil in one group, with the class of the old year and the exception, if one was recorded."""

    enrolment: Enrolment
    group: Group
    facts: Facts
    classroom: Classroom | None
    exception: PromotionException | None = None


@dataclass(frozen=True)
class ClassList:
    """A class of the old year: its names before and after, how many move up, and who does not.

    `after` is empty for the last grade of a stage, both names for those who sit in no class.
    """

    before: str
    after: str
    moves_up: int
    others: list[Standing]


def standings(school: School, school_year: int, only: Collection[int] | None = None) -> list[Standing]:
    """Every pupil on roll at the school in the year before, each in exactly one group. Three queries.

    Those of the first cohort of the new year have nothing to move up from, and are not among them.
    """
    first = starts_on(school_year)
    on_roll = Q(entered_on__lt=first) & (Q(ended_on=None) | Q(ended_on__gt=date(school_year - 1, 9, 1)))
    rows = Enrolment.objects.filter(on_roll, school=school)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    exceptions = {
        item.enrolment_id: item
        for item in PromotionException.objects.filter(
            school=school, school_year=school_year, undone_at=None
        ).select_related("old_classroom", "new_classroom")
    }
    found = []
    for row in rows.select_related("person", "classroom").order_by("person__name_pinyin", "pk"):
        made = _standing(row, exceptions.get(row.pk), school_year)
        if made.facts.cohort_year < school_year:
            found.append(made)
    return found


def _standing(row: Enrolment, exception: PromotionException | None, school_year: int) -> Standing:
    room = exception.old_classroom if exception else row.classroom
    facts = Facts(
        stage=row.stage,
        cohort_year=exception.old_cohort if exception else row.cohort_year,
        status=row.status,
        exit_reason=row.exit_reason,
        has_class=room is not None,
        exception=exception.kind if exception else "",
    )
    return Standing(row, group_of(facts, school_year), facts, room, exception)


def counts(found: Collection[Standing]) -> dict[str, int]:
    """How many in each group, the empty ones too."""
    sums = Counter(item.group for item in found)
    return {group.value: sums[group] for group in Group}


def class_lists(found: Collection[Standing], school_year: int) -> list[ClassList]:
    """The same pupils class by class, youngest first; those without a class last."""
    rooms: Mapping[int, Classroom] = {item.classroom.pk: item.classroom for item in found if item.classroom}
    ordered = sorted(rooms.values(), key=lambda room: (room.stage, -room.cohort_year, room.number))
    lists = [_class_list(room, [item for item in found if item.classroom == room], school_year) for room in ordered]
    without = [item for item in found if item.classroom is None]
    return [*lists, *([ClassList("", "", 0, without)] if without else [])]


def _class_list(room: Classroom, pupils: list[Standing], school_year: int) -> ClassList:
    old, new = date(school_year, 8, 31), starts_on(school_year)
    others = [item for item in pupils if item.group != Group.MOVES_UP]
    is_last = school_year - room.cohort_year >= STAGE_YEARS[Stage(room.stage)]
    return ClassList(
        class_name(room.stage, room.cohort_year, room.number, old),
        "" if is_last else class_name(room.stage, room.cohort_year, room.number, new),
        len(pupils) - len(others),
        others,
    )


def confirmation(school: School, school_year: int) -> PromotionConfirmation | None:
    """The confirmation in force, or None."""
    return PromotionConfirmation.objects.filter(school=school, school_year=school_year, reopened_at=None).first()
