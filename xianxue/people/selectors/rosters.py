"""Who was enrolled where on a day, and in which class."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from xianxue.kernel.access import UnitScope, whole_county
from xianxue.organisations.models import Classroom, School
from xianxue.organisations.selectors import reference_day
from xianxue.people.models import ClassMembership, Enrolment, StaffPost, Suspension


def holds_on(day: date, start: str, prefix: str = "") -> Q:
    """The dated rows that hold on a day: from their start until the day before their end."""
    open_or_later = Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": day})
    return Q(**{f"{prefix}{start}__lte": day}) & open_or_later


def enrolled(on: date | None = None) -> QuerySet[Enrolment]:
    """Enrolments in reach that hold on a day (the reference day by default), pupils suspended included."""
    return Enrolment.objects.filter(holds_on(on or reference_day(), "entered_on"))


def attending(on: date | None = None) -> QuerySet[Enrolment]:
    """Those enrolled on a day who are at school (在校): without pupils on leave, who keep their enrolment (学籍).

    A return that was asked for counts once it is confirmed, and then from the day of return on.
    """
    day = on or reference_day()
    still_away = Q(is_open=True) | Q(returned_on__isnull=True) | Q(returned_on__gt=day)
    leave = Suspension.objects.filter(still_away, enrolment=OuterRef("pk"), is_in_force=True, started_on__lte=day)
    return enrolled(day).exclude(Exists(leave))


def roster(
    *, on: date | None = None, school: School | int | None = None, classroom: Classroom | int | None = None
) -> QuerySet[ClassMembership]:
    """Who sat in which class on a day, sorted by class and name; each row carries enrolment and person.

    The truth about classes is dated, so this reads ClassMembership and not the class of today.
    """
    day = on or reference_day()
    rows = ClassMembership.objects.filter(
        holds_on(day, "started_on"), holds_on(day, "entered_on", "enrolment__")
    ).select_related("enrolment__person", "classroom")
    if school is not None:
        rows = rows.filter(classroom__school=school)
    if classroom is not None:
        rows = rows.filter(classroom=classroom)
    return rows.order_by(
        "classroom__school_id", "classroom__stage", "-classroom__cohort_year", "classroom__number",
        "enrolment__person__name_pinyin", "pk",
    )  # fmt: skip


def pupils_without_class(on: date | None = None) -> QuerySet[Enrolment]:
    """Enrolments that hold on a day without a class."""
    day = on or reference_day()
    seated = ClassMembership.objects.filter(holds_on(day, "started_on")).values("enrolment_id")
    return enrolled(day).exclude(pk__in=seated)


def staff_in_post(on: date | None = None) -> QuerySet[StaffPost]:
    """Posts in reach that hold on a day."""
    return StaffPost.objects.filter(holds_on(on or reference_day(), "started_on"))


def teacher_names(schools: Collection[int]) -> dict[tuple[int, str], str]:
    """Names of the staff of the schools now: (school, staff number) → name. Looks beyond the reach, for class names."""
    with whole_county("班主任姓名随工号"):
        posts = StaffPost.objects.filter(school_id__in=list(schools), ended_on__isnull=True)
        return {
            (school, number): name
            for school, number, name in posts.values_list("school_id", "staff_no", "person__name")
        }


def classes_on(enrolments: Sequence[int], day: date) -> dict[int, Classroom]:
    """Enrolment → the class in which the pupil sat on the day."""
    seats = ClassMembership.objects.filter(holds_on(day, "started_on"), enrolment_id__in=list(enrolments))
    return {seat.enrolment_id: seat.classroom for seat in seats.select_related("classroom")}


def last_enrolments(people: Sequence[int]) -> dict[int, Enrolment]:
    """Person → the latest enrolment in reach, with school and class."""
    rows = Enrolment.objects.filter(person_id__in=list(people)).select_related("school__unit", "classroom")
    return {row.person_id: row for row in rows.order_by("entered_on", "pk")}


def moved_away_on(day: date, scope: UnitScope) -> int:
    """How many of those enrolled on the day at schools of the scope have since taken their files elsewhere.

    A number for whoever compares an old roster with an old figure; who they are is no longer theirs to read.
    """
    if scope.every:
        return 0
    with whole_county("旧名册少了几人：只数不列"):
        gone = Enrolment.objects.filter(scope.q("school_id"), keeper__isnull=False).exclude(keeper_id__in=scope.ids)
        return gone.filter(holds_on(day, "entered_on")).count()
